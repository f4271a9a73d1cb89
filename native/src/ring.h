#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

/**
 * The consumer's side of a kernel ring buffer (kernel/bpf/ringbuf.c; Documentation/bpf/ringbuf.rst).
 *
 * What was drained stays the kernel's until `Release`: an agent that dies between the two finds it
 * there again. So it is not libbpf's ring_buffer, which gives each record back as it hands it out.
 *
 * A position counts all bytes since the ring was made; it never wraps in practice and fits a double.
 */
class Ring {
 public:
  /** Maps the ring behind a map's descriptor. `bytes` is its size. Throws std::system_error. */
  Ring(int map_fd, size_t bytes);

  /** Copies whole records, oldest first, each at a multiple of 8 bytes; returns the bytes used. */
  size_t Drain(uint8_t* into, size_t room);
  /** Gives the kernel back the room of all that was drained. */
  void Release();
  /** Where the next drain begins. */
  uint64_t Position() const { return next_; }
  /** Begins the next drain there, if that is ahead and was written; returns whether it was. */
  bool Seek(uint64_t position);

 private:
  struct Unmap {
    size_t bytes = 0;
    void operator()(void* memory) const;
  };
  using Mapping = std::unique_ptr<void, Unmap>;
  Mapping Map(int map_fd, size_t bytes, int protection, size_t offset);

  size_t page_;
  size_t mask_;
  Mapping consumer_;
  Mapping producer_;
  uint64_t next_;
};
