// The query of a request, pair by pair. Threads: one at a time for each reader.

#ifndef IMAGESERVER_PARAMS_QUERY_H_
#define IMAGESERVER_PARAMS_QUERY_H_

#include <optional>
#include <string>
#include <string_view>

namespace imageserver {

// One `name=value`, decoded; or, where it cannot be read, the name as it was written.
struct QueryPair {
  std::string_view name;
  std::string_view value;
  bool readable = true;  // no `;` and no broken escape in it: Go's url.Query() drops others
};

// Reads a query from front to back, as Go's net/url does. REQUIRES: the text outlives it.
class QueryReader {
 public:
  explicit QueryReader(std::string_view text) : rest_(text) {}
  QueryReader(const QueryReader&) = delete;
  QueryReader& operator=(const QueryReader&) = delete;

  // The next pair, none at the end. What it refers to lives until the next call.
  [[nodiscard]] std::optional<QueryPair> next();

 private:
  std::string_view rest_;
  std::string name_;
  std::string value_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_QUERY_H_
