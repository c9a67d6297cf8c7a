#define _GNU_SOURCE
#include "symbols.h"

#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bounds for hostile files; real modules have about 10 segments, 30 dynamic entries and chains of a few symbols. */
enum { SEGMENTS_MAX = 64, DYNAMIC_MAX = 512, CHAIN_MAX = 4096, NAME_SIZE = 64 };

#if __BYTE_ORDER == __LITTLE_ENDIAN
#define DATA_HERE ELFDATA2LSB
#else
#define DATA_HERE ELFDATA2MSB
#endif
#define CLASS_HERE (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32)

typedef struct {
  int file;
  uint64_t size;
  ElfW(Phdr) segments[SEGMENTS_MAX];
  size_t segment_count;
  uint64_t symbols, strings, gnu_hash, hash;
} object_file;

static bool read_at(const object_file *object, uint64_t offset, void *into, size_t length) {
  if (offset > object->size || length > object->size - offset) return false;
  return pread(object->file, into, length, (off_t)offset) == (ssize_t)length;
}

/** Where in the file the loader finds an address; false if in no segment. */
static bool file_offset(const object_file *object, uint64_t address, uint64_t *offset) {
  for (size_t n = 0; n < object->segment_count; n++) {
    const ElfW(Phdr) *segment = &object->segments[n];
    if (segment->p_type != PT_LOAD || address < segment->p_vaddr) continue;
    uint64_t into = address - segment->p_vaddr;
    if (into >= segment->p_filesz) continue;
    *offset = segment->p_offset + into;
    return true;
  }
  return false;
}

static bool read_address(const object_file *object, uint64_t address, void *into, size_t length) {
  uint64_t offset;
  return file_offset(object, address, &offset) && read_at(object, offset, into, length);
}

/** ELF header and segments; each segment must be in the file as a whole. */
static bool read_segments(object_file *object, ElfW(Half) machine) {
  ElfW(Ehdr) header;
  if (!read_at(object, 0, &header, sizeof header)) return false;
  if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_type != ET_DYN) return false;
  if (header.e_ident[EI_CLASS] != CLASS_HERE || header.e_ident[EI_DATA] != DATA_HERE) return false;
  if (header.e_machine != machine || header.e_phentsize != sizeof(ElfW(Phdr))) return false;
  if (header.e_phnum == 0 || header.e_phnum > SEGMENTS_MAX) return false;
  object->segment_count = header.e_phnum;
  if (!read_at(object, header.e_phoff, object->segments, header.e_phnum * sizeof(ElfW(Phdr)))) return false;
  for (size_t n = 0; n < object->segment_count; n++) {
    const ElfW(Phdr) *segment = &object->segments[n];
    if (segment->p_type != PT_LOAD) continue;
    if (segment->p_offset > object->size || segment->p_filesz > object->size - segment->p_offset) return false;
  }
  return true;
}

static bool read_dynamic(object_file *object) {
  const ElfW(Phdr) *dynamic = NULL;
  for (size_t n = 0; n < object->segment_count; n++)
    if (object->segments[n].p_type == PT_DYNAMIC) dynamic = &object->segments[n];
  if (!dynamic) return false;
  size_t most = dynamic->p_filesz / sizeof(ElfW(Dyn));
  for (size_t n = 0; n < most && n < DYNAMIC_MAX; n++) {
    ElfW(Dyn) entry;
    if (!read_at(object, dynamic->p_offset + n * sizeof entry, &entry, sizeof entry)) return false;
    if (entry.d_tag == DT_NULL) break;
    if (entry.d_tag == DT_SYMTAB) object->symbols = entry.d_un.d_ptr;
    if (entry.d_tag == DT_STRTAB) object->strings = entry.d_un.d_ptr;
    if (entry.d_tag == DT_GNU_HASH) object->gnu_hash = entry.d_un.d_ptr;
    if (entry.d_tag == DT_HASH) object->hash = entry.d_un.d_ptr;
  }
  return object->symbols != 0 && object->strings != 0;
}

/** Whether symbol number `index` is a definition of this name. */
static bool is_definition(const object_file *object, uint32_t index, const char *name) {
  ElfW(Sym) symbol;
  if (!read_address(object, object->symbols + (uint64_t)index * sizeof symbol, &symbol, sizeof symbol)) return false;
  if (symbol.st_shndx == SHN_UNDEF || symbol.st_value == 0) return false;
  char text[NAME_SIZE];
  size_t length = strlen(name) + 1;
  return length <= sizeof text && read_address(object, object->strings + symbol.st_name, text, length) &&
         memcmp(text, name, length) == 0;
}

static uint32_t gnu_hash_of(const char *name) {
  uint32_t hash = 5381;
  for (; *name; name++) hash = hash * 33 + (unsigned char)*name;
  return hash;
}

static bool in_gnu_hash(const object_file *object, const char *name) {
  uint32_t head[4], bucket, hash = gnu_hash_of(name);
  if (!read_address(object, object->gnu_hash, head, sizeof head)) return false;
  uint32_t buckets = head[0], first = head[1], bloom_words = head[2];
  if (buckets == 0) return false;
  uint64_t table = object->gnu_hash + sizeof head + (uint64_t)bloom_words * sizeof(ElfW(Addr));
  uint64_t chains = table + (uint64_t)buckets * 4;
  if (!read_address(object, table + (uint64_t)(hash % buckets) * 4, &bucket, 4) || bucket < first) return false;
  for (uint32_t n = 0; n < CHAIN_MAX; n++) {
    uint32_t link;
    if (!read_address(object, chains + (uint64_t)(bucket - first + n) * 4, &link, 4)) return false;
    if ((link | 1) == (hash | 1) && is_definition(object, bucket + n, name)) return true;
    if (link & 1) return false;
  }
  return false;
}

static uint32_t sysv_hash_of(const char *name) {
  uint32_t hash = 0;
  for (; *name; name++) {
    hash = (hash << 4) + (unsigned char)*name;
    uint32_t high = hash & 0xf0000000u;
    hash = (hash ^ (high >> 24)) & ~high;
  }
  return hash;
}

static bool in_sysv_hash(const object_file *object, const char *name) {
  uint32_t head[2], index;
  if (!read_address(object, object->hash, head, sizeof head) || head[0] == 0) return false;
  uint64_t buckets = object->hash + sizeof head, chains = buckets + (uint64_t)head[0] * 4;
  if (!read_address(object, buckets + (uint64_t)(sysv_hash_of(name) % head[0]) * 4, &index, 4)) return false;
  for (uint32_t n = 0; index != 0 && n < CHAIN_MAX; n++) {
    if (is_definition(object, index, name)) return true;
    if (!read_address(object, chains + (uint64_t)index * 4, &index, 4)) return false;
  }
  return false;
}

/** The machine of this process, from its own header in memory. */
static ElfW(Half) machine_here(void) {
  extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));
  return __ehdr_start.e_machine;
}

bool symbols_in_file(int file, const char *const *names, size_t count, bool *defined) {
  for (size_t n = 0; n < count; n++) defined[n] = false;
  struct stat facts;
  if (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size <= 0) return false;
  object_file object = {.file = file, .size = (uint64_t)facts.st_size};
  if (!read_segments(&object, machine_here()) || !read_dynamic(&object)) return false;
  for (size_t n = 0; n < count; n++)
    defined[n] = object.gnu_hash ? in_gnu_hash(&object, names[n]) : object.hash && in_sysv_hash(&object, names[n]);
  return true;
}
