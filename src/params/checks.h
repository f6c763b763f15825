// What a single entry of a map may be: the checks that rules are made of. Each names the entry in
// its error. Threads: free functions, callable from any.

#ifndef IMAGESERVER_PARAMS_CHECKS_H_
#define IMAGESERVER_PARAMS_CHECKS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "imageserver/error.h"
#include "params/invalid_param.h"
#include "params/params.h"

namespace imageserver {

// Both bounds are within.
struct Between {
  double low;
  double high;
};

[[nodiscard]] Result<std::int64_t> integer(const ParamEntry& entry);
[[nodiscard]] Result<std::int64_t> integer_between(const ParamEntry& entry, std::int64_t low,
                                                   std::int64_t high);
[[nodiscard]] Result<double> number(const ParamEntry& entry);
[[nodiscard]] Result<double> number_between(const ParamEntry& entry, Between bounds);
[[nodiscard]] Result<bool> boolean(const ParamEntry& entry);

// A string without control characters, that of the entry itself.
[[nodiscard]] Result<std::string_view> plain_string(const ParamEntry& entry);

// One name of a closed set, and what it stands for.
template <class T>
struct Choice {
  std::string_view name;
  T value;
};

template <class T>
[[nodiscard]] const Choice<T>* find_choice(std::string_view name,
                                           std::span<const Choice<T>> choices) {
  for (const Choice<T>& choice : choices) {
    if (choice.name == name) return &choice;
  }
  return nullptr;
}

// `a, b, c`.
template <class T>
[[nodiscard]] std::string names_of(std::span<const Choice<T>> choices) {
  std::string names;
  for (const Choice<T>& choice : choices) {
    names += (names.empty() ? "" : ", ") + std::string(choice.name);
  }
  return names;
}

template <class T, std::size_t kSize>
[[nodiscard]] Result<T> one_of(const ParamEntry& entry,
                               const std::array<Choice<T>, kSize>& choices) {
  const Result<std::string_view> text = plain_string(entry);
  if (!text) return text.error();
  const std::span<const Choice<T>> all(choices);
  const Choice<T>* const choice = find_choice(*text, all);
  if (choice != nullptr) return choice->value;
  return invalid_param(entry.name, "must be one of " + names_of(all));
}

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_CHECKS_H_
