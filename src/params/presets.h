// Names for queries: `preset=name` in a request stands for the query of that name.

#ifndef IMAGESERVER_PARAMS_PRESETS_H_
#define IMAGESERVER_PARAMS_PRESETS_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace imageserver {

// Immutable; parse_presets() makes it of a file's text. Threads: any.
class Presets {
 public:
  using Queries = std::map<std::string, std::string, std::less<>>;

  // The queries by their names. REQUIRES: parse_target() takes each of them by its strict rules.
  explicit Presets(Queries queries) : queries_(std::move(queries)) {}

  // The query of that name; null if there is none.
  [[nodiscard]] const std::string* find(std::string_view name) const;

  // All of them.
  [[nodiscard]] const Queries& queries() const { return queries_; }

 private:
  Queries queries_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PRESETS_H_
