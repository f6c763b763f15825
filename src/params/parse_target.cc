#include <charconv>
#include <utility>
#include <vector>

#include "imageserver/params.h"
#include "params/invalid_param.h"
#include "params/names.h"
#include "params/percent.h"

namespace imageserver {
namespace {

struct Pair {
  std::string name;
  std::string value;
};

std::pair<std::string_view, std::string_view> cut(std::string_view text, char separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

// None for a pair that Go's url.Query() drops: nothing in it, a `;` or a broken escape.
std::optional<Pair> parse_pair(std::string_view text) {
  if (text.empty() || text.find(';') != std::string_view::npos) return std::nullopt;
  const auto [name, value] = cut(text, '=');
  std::optional<std::string> decoded_name = percent_decode(name, Plus::kIsSpace);
  std::optional<std::string> decoded_value = percent_decode(value, Plus::kIsSpace);
  if (!decoded_name || !decoded_value) return std::nullopt;
  return Pair{*std::move(decoded_name), *std::move(decoded_value)};
}

class Query {
 public:
  explicit Query(std::string_view text) {
    while (!text.empty()) {
      const auto [pair, rest] = cut(text, '&');
      if (std::optional<Pair> parsed = parse_pair(pair)) pairs_.push_back(*std::move(parsed));
      text = rest;
    }
  }

  // The value of the first pair of that name; empty if there is none.
  [[nodiscard]] std::string_view get(std::string_view name) const {
    for (const Pair& pair : pairs_) {
      if (pair.name == name) return pair.value;
    }
    return {};
  }

 private:
  std::vector<Pair> pairs_;
};

// Go's strconv.Atoi on 64 bits.
std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return number;
}

// The error, if there is one.
std::optional<Error> copy_integer(const Query& query, std::string_view name, Params& into) {
  const std::string_view text = query.get(name);
  if (text.empty()) return std::nullopt;
  const std::optional<std::int64_t> number = parse_integer(text);
  if (!number) return invalid_param(name, "must be an integer");
  into.insert(std::string(name), *number);
  return std::nullopt;
}

void copy_string(const Query& query, std::string_view name, Params& into) {
  const std::string_view text = query.get(name);
  if (!text.empty()) into.insert(std::string(name), std::string(text));
}

Result<Params> parse_resize(const Query& query) {
  Params resize;
  if (std::optional<Error> error = copy_integer(query, names::kWidth, resize)) return *error;
  if (std::optional<Error> error = copy_integer(query, names::kHeight, resize)) return *error;
  copy_string(query, names::kMode, resize);
  copy_string(query, names::kResampling, resize);
  return resize;
}

void copy_format(const Query& query, Params& into) {
  const std::string_view format = query.get(names::kFormat);
  if (format == "jpg") {
    into.insert(std::string(names::kFormat), std::string(format_name(Format::kJpeg)));
  } else {
    copy_string(query, names::kFormat, into);
  }
}

}  // namespace

Result<Params> parse_target(std::string_view target) {
  const auto [path, query_text] = cut(target, '?');
  std::optional<std::string> source = percent_decode(path, Plus::kIsPlus);
  if (!source || !path.starts_with('/')) {
    return Error{ErrorKind::kBadRequest,
                 "invalid path: must begin with / and hold no broken percent escape"};
  }
  const Query query(query_text);
  Params params;
  params.insert(std::string(names::kSource), source->substr(1));
  Result<Params> resize = parse_resize(query);
  if (!resize) return resize.error();
  if (!resize->empty()) params.insert(std::string(names::kResize), *std::move(resize));
  copy_format(query, params);
  if (std::optional<Error> error = copy_integer(query, names::kQuality, params)) return *error;
  return params;
}

}  // namespace imageserver
