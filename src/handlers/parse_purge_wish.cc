#include "handlers/parse_purge_wish.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "groupcache/purge_record.h"
#include "params/invalid_param.h"
#include "params/parse_target.h"
#include "params/transform_spec.h"
#include "params/validate.h"

namespace imageserver {
namespace {

using Json = nlohmann::json;
using Members = Json::object_t;
using Event = Json::parse_event_t;
using Kind = PurgeWish::Kind;

Error bad_body(std::string_view rule) {
  return {ErrorKind::kBadRequest, "request body: " + std::string(rule)};
}

// The name of the original at this path of a request, which has no query.
Result<std::string> source_at(std::string_view path) {
  const Result<Params> params = parse_target(path);
  if (params.has_error()) return params.error();
  Result<TransformSpec> spec = validate(*params);
  if (spec.has_error()) return spec.error();
  return std::move(spec->source);
}

// The members of the object, none of which are lists or objects.
Result<Members> read_object(std::string_view text) {
  bool is_nested = false;
  bool has_twins = false;
  std::set<std::string> names;
  const auto look = [&](int depth, Event event, const Json& parsed) {
    if (event == Event::key) has_twins |= !names.insert(parsed.get<std::string>()).second;
    const bool begins = event == Event::object_start || event == Event::array_start;
    is_nested |= begins && depth > 0;
    return !is_nested;
  };
  Json json = Json::parse(text, look, false);
  if (is_nested) return bad_body("must hold no list, and no object in the object");
  if (!json.is_object()) return bad_body("must be a JSON object");
  if (has_twins) return bad_body("must name no member twice");
  return std::move(json.get_ref<Members&>());
}

// Collects the members of a wish.
class Collector {
 public:
  std::optional<Error> take(const std::string& name, const Json& value) {
    if (name == "source") return take_source(value);
    if (name == "prefix") return take_prefix(value);
    if (name == "all") return take_all(value);
    if (name == "soft") return take_soft(value);
    if (name == "id") return take_id(value);
    return invalid_param(name, "is not known here");
  }

  Result<PurgeWish> finish() && {
    if (kinds_ != 1) return bad_body("must have one of source, prefix and all");
    return std::move(wish_);
  }

 private:
  std::optional<Error> take_source(const Json& value) {
    return take_path("source", value, Kind::kSource);
  }

  std::optional<Error> take_prefix(const Json& value) {
    std::optional<Error> error = take_path("prefix", value, Kind::kPrefix);
    wish_.path += '/';
    return error;
  }

  std::optional<Error> take_path(std::string_view name, const Json& value, Kind kind) {
    if (!value.is_string()) return invalid_param(name, "must be a string");
    std::string_view path = value.get_ref<const std::string&>();
    if (!path.starts_with('/') || path.find('?') != std::string_view::npos) {
      return invalid_param(name, "must be a path with a slash in front and without a query");
    }
    if (kind == Kind::kPrefix && path == "/") {
      return invalid_param(name, "must name a folder; all stands for everything");
    }
    if (kind == Kind::kPrefix && path.ends_with('/')) path.remove_suffix(1);
    Result<std::string> source = source_at(path);
    if (source.has_error()) return source.error();
    wish_.path = *std::move(source);
    note(kind);
    return std::nullopt;
  }

  std::optional<Error> take_all(const Json& value) {
    if (value != true) return invalid_param("all", "must be true");
    note(Kind::kAll);
    return std::nullopt;
  }

  std::optional<Error> take_soft(const Json& value) {
    if (!value.is_boolean()) return invalid_param("soft", "must be true or false");
    wish_.is_soft = value.get<bool>();
    return std::nullopt;
  }

  std::optional<Error> take_id(const Json& value) {
    if (value.is_string()) wish_.id = value.get<std::string>();
    if (is_purge_id(wish_.id)) return std::nullopt;
    return invalid_param("id", "must be 1 to 64 letters, digits, - and _");
  }

  void note(Kind kind) {
    wish_.kind = kind;
    ++kinds_;
  }

  PurgeWish wish_;
  int kinds_ = 0;
};

}  // namespace

Result<PurgeWish> parse_purge_wish(std::string_view json) {
  const Result<Members> members = read_object(json);
  if (members.has_error()) return members.error();
  Collector collector;
  for (const auto& [name, value] : *members) {
    if (std::optional<Error> error = collector.take(name, value)) return *std::move(error);
  }
  return std::move(collector).finish();
}

Result<PurgeWish> purge_wish_of(std::string_view path) {
  Result<std::string> source = source_at(path);
  if (source.has_error()) return source.error();
  PurgeWish wish;
  wish.kind = Kind::kSource;
  wish.path = *std::move(source);
  return wish;
}

}  // namespace imageserver
