// A request as a handler sees it: a view of one parsed head, and of the body.

#ifndef IMAGESERVER_HTTP_REQUEST_H_
#define IMAGESERVER_HTTP_REQUEST_H_

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/text.h"

namespace imageserver {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPurge, kOther };

struct Field {
  std::string_view name;
  std::string_view value;  // without the spaces around it
};

// Names of fields are compared without regard to the case of ASCII letters.
[[nodiscard]] bool same_field_name(std::string_view a, std::string_view b);

// Owns nothing: its views are valid as long as the head and the body they were made from. A server
// keeps both until the answer is there, awaited answers included.
class Request {
 public:
  Request() = default;
  Request(Method method, std::string_view target, std::span<const Field> fields,
          std::string_view body = {})
      : method_(method), target_(target), fields_(fields), body_(body) {}

  [[nodiscard]] Method method() const { return method_; }

  // In origin form: `/path?query`, as it was sent, with nothing decoded.
  [[nodiscard]] std::string_view target() const { return target_; }

  // What stands before the `?` of the target.
  [[nodiscard]] std::string_view path() const { return cut(target_, '?').first; }

  // The first value of that name; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;

  // In the order they came.
  [[nodiscard]] std::span<const Field> fields() const { return fields_; }

  // All of it, as it was sent. Empty in what Handler::admit() sees, and of a GET or HEAD.
  [[nodiscard]] std::string_view body() const { return body_; }

  // Calls visit(value) for every value of that name, in the order they came.
  template <std::invocable<std::string_view> Visit>
  void each_value(std::string_view name, Visit visit) const {
    for (const Field& field : fields_) {
      if (same_field_name(field.name, name)) visit(field.value);
    }
  }

 private:
  Method method_ = Method::kOther;
  std::string_view target_;
  std::span<const Field> fields_;
  std::string_view body_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_REQUEST_H_
