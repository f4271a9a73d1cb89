# libbpf, libelf and zlib as static libraries that fit into a shared object.
#
# The distribution's own libbpf.a, libelf.a and libz.a are not position independent, so they cannot
# be linked into an addon. installer/setup.sh unpacks the distribution's sources below deps/src and
# calls this: make -C native -f deps.mk OUT=<folder>

SRC   := deps/src
OUT   ?= deps/libbpf
BUILD := deps/build

LIBBPF   := $(SRC)/libbpf
ELFUTILS := $(SRC)/elfutils
ZLIB     := $(SRC)/zlib

CC     ?= cc
CFLAGS := -O2 -g0 -fPIC -fvisibility=hidden -w

libbpf_objects := $(patsubst $(LIBBPF)/src/%.c,$(BUILD)/libbpf/%.o,$(wildcard $(LIBBPF)/src/*.c))
libelf_objects := $(patsubst $(ELFUTILS)/libelf/%.c,$(BUILD)/libelf/%.o,\
                    $(wildcard $(ELFUTILS)/libelf/*.c))
zlib_objects := $(patsubst $(ZLIB)/%.c,$(BUILD)/zlib/%.o,$(wildcard $(ZLIB)/*.c))

headers := $(addprefix $(OUT)/include/bpf/,\
             bpf.h btf.h libbpf.h libbpf_common.h libbpf_legacy.h libbpf_version.h bpf_helpers.h \
             bpf_helper_defs.h bpf_tracing.h bpf_endian.h bpf_core_read.h)
archives := $(addprefix $(OUT)/lib/,libbpf.a libelf.a libz.a)

all: $(headers) $(archives)

$(OUT)/include/bpf/%.h: $(LIBBPF)/src/%.h
	@mkdir -p $(@D)
	cp $< $@

$(OUT)/lib/libbpf.a: $(libbpf_objects)
$(OUT)/lib/libelf.a: $(libelf_objects)
$(OUT)/lib/libz.a: $(zlib_objects)

$(archives):
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/libbpf/%.o: $(LIBBPF)/src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -D_LARGEFILE64_SOURCE -D_FILE_OFFSET_BITS=64 -I$(LIBBPF)/include \
	  -I$(LIBBPF)/include/uapi -I$(ELFUTILS)/libelf -I$(ZLIB) -c -o $@ $<

# What elfutils' configure finds out on every Linux with glibc; without it, no autotools are needed.
libelf_config := -D_GNU_SOURCE -DHAVE_CONFIG_H -DHAVE_DECL_MEMPCPY=1 -DHAVE_DECL_MEMRCHR=1 \
  -DHAVE_DECL_RAWMEMCHR=1 -DHAVE_DECL_POWEROF2=1 -DHAVE_DECL_REALLOCARRAY=1 -DHAVE_ERR_H=1 \
  -DHAVE_ERROR_H=1 -DHAVE_FALLTHROUGH=1 -DHAVE_MREMAP=1 -DHAVE_VISIBILITY=1

# elfutils' own config.h ends with this line; the macros before it come from the command line.
$(BUILD)/libelf/config.h:
	@mkdir -p $(@D)
	echo '#include <eu-config.h>' > $@

$(BUILD)/libelf/%.o: $(ELFUTILS)/libelf/%.c $(BUILD)/libelf/config.h
	$(CC) $(CFLAGS) -std=gnu99 $(libelf_config) -I$(BUILD)/libelf -I$(ELFUTILS)/libelf \
	  -I$(ELFUTILS)/lib -I$(ZLIB) -c -o $@ $<

$(BUILD)/zlib/%.o: $(ZLIB)/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -DHAVE_HIDDEN -DHAVE_UNISTD_H -D_LARGEFILE64_SOURCE=1 -c -o $@ $<

.PHONY: all
.DELETE_ON_ERROR:
