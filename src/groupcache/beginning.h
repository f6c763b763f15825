// Beginnings of names by whole segments, as keys of hash tables.

#ifndef IMAGESERVER_GROUPCACHE_BEGINNING_H_
#define IMAGESERVER_GROUPCACHE_BEGINNING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace imageserver {

// Of a text that grows byte by byte (FNV-1a). Threads: one at a time.
class GrowingHash {
 public:
  constexpr void add(char c) { value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U; }
  [[nodiscard]] constexpr std::size_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

struct Beginning {
  std::string_view text;
  std::size_t hash = 0;  // GrowingHash of the text
};

struct BeginningHash {
  using is_transparent = void;

  std::size_t operator()(const Beginning& beginning) const { return beginning.hash; }
  std::size_t operator()(std::string_view text) const {
    GrowingHash hash;
    for (const char c : text) hash.add(c);
    return hash.value();
  }
};

struct SameBeginning {
  using is_transparent = void;

  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
  bool operator()(const Beginning& a, std::string_view b) const { return a.text == b; }
  bool operator()(std::string_view a, const Beginning& b) const { return a == b.text; }
};

// Calls visit(beginning) for each beginning of the name that ends before a slash, and then for the
// whole name. The name is read once. Threads: any.
template <class Visit>
void visit_beginnings(std::string_view name, Visit visit) {
  GrowingHash hash;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '/') visit(Beginning{name.substr(0, at), hash.value()});
    hash.add(name[at]);
  }
  visit(Beginning{name, hash.value()});
}

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_BEGINNING_H_
