#include "ring.h"

#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace {

// The kernel keeps each of the two positions in a page of its own; the data follows the producer's,
// mapped twice in a row, so that a record never breaks at the end.
uint64_t* PositionIn(void* page) { return static_cast<uint64_t*>(page); }

size_t Align8(size_t size) { return (size + 7) & ~size_t{7}; }

}  // namespace

void Ring::Unmap::operator()(void* memory) const { munmap(memory, bytes); }

Ring::Mapping Ring::Map(int map_fd, size_t bytes, int protection, size_t offset) {
  void* memory = mmap(nullptr, bytes, protection, MAP_SHARED, map_fd, static_cast<off_t>(offset));
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  return Mapping(memory, Unmap{bytes});
}

Ring::Ring(int map_fd, size_t bytes)
    : page_(sysconf(_SC_PAGESIZE)),
      mask_(bytes - 1),
      consumer_(Map(map_fd, page_, PROT_READ | PROT_WRITE, 0)),
      producer_(Map(map_fd, page_ + 2 * bytes, PROT_READ, page_)),
      next_(__atomic_load_n(PositionIn(consumer_.get()), __ATOMIC_ACQUIRE)) {}

size_t Ring::Drain(uint8_t* into, size_t room) {
  const auto* data = static_cast<const uint8_t*>(producer_.get()) + page_;
  const uint64_t end = __atomic_load_n(PositionIn(producer_.get()), __ATOMIC_ACQUIRE);
  size_t used = 0;
  while (next_ < end) {
    const uint8_t* record = data + (next_ & mask_);
    const auto header =
        __atomic_load_n(reinterpret_cast<const uint32_t*>(record), __ATOMIC_ACQUIRE);
    // Reserved and not filled yet: what comes after it waits too, or the order would be lost.
    if (header & BPF_RINGBUF_BUSY_BIT) break;
    const size_t size = header & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
    if (!(header & BPF_RINGBUF_DISCARD_BIT)) {
      if (Align8(size) > room - used) break;
      std::memcpy(into + used, record + BPF_RINGBUF_HDR_SZ, size);
      used += Align8(size);
    }
    next_ += Align8(size + BPF_RINGBUF_HDR_SZ);
  }
  return used;
}

void Ring::Release() { __atomic_store_n(PositionIn(consumer_.get()), next_, __ATOMIC_RELEASE); }

bool Ring::Seek(uint64_t position) {
  const uint64_t end = __atomic_load_n(PositionIn(producer_.get()), __ATOMIC_ACQUIRE);
  if (position < next_ || position > end) return false;
  next_ = position;
  return true;
}
