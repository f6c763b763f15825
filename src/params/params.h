// A request's parameters as a map: what parse_target() makes, what peers send each other, and what
// validate() reads. Its key names the result in the whole ring.
//
// The map, its canonical text and its key are those of the Go program (pierrre/imageserver,
// examples/groupcache); tests hold them to vectors captured from it.

#ifndef IMAGESERVER_PARAMS_PARAMS_H_
#define IMAGESERVER_PARAMS_PARAMS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace imageserver {

struct ParamEntry;
class Params;

using ParamValue = std::variant<bool, std::int64_t, double, std::string, Params>;

// A map from name to value, kept sorted by name; values may be maps themselves. A plain value type.
class Params {
 public:
  Params();
  Params(const Params&);
  Params(Params&&) noexcept;
  Params& operator=(const Params&);
  Params& operator=(Params&&) noexcept;
  ~Params();

  // Adds the entry. False, and nothing changes, if the name is there already.
  bool insert(std::string name, ParamValue value);

  // Null if there is no such name. The pointer lives until the map changes.
  [[nodiscard]] const ParamValue* find(std::string_view name) const;

  // Sorted by name (bytewise).
  [[nodiscard]] std::span<const ParamEntry> entries() const;
  [[nodiscard]] bool empty() const;

  // Go's text of a map: `map[a:1 b:map[c:x]]`, but for `source`, which stands last even where names
  // follow that Go does not know. It escapes nothing, so two maps whose strings hold brackets and
  // spaces can share a text: validate() before a key is used. Of what is valid then, only `source`
  // is free text, and no two maps share one.
  [[nodiscard]] std::string text() const;

  // Lower-case hex SHA-256 of text(), 64 bytes.
  [[nodiscard]] std::string key() const;

  friend bool operator==(const Params&, const Params&);

 private:
  std::vector<ParamEntry> entries_;
};

struct ParamEntry {
  std::string name;
  ParamValue value;

  friend bool operator==(const ParamEntry&, const ParamEntry&);
};

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PARAMS_H_
