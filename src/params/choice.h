// Closed sets of names. Threads: free functions, callable from any.

#ifndef IMAGESERVER_PARAMS_CHOICE_H_
#define IMAGESERVER_PARAMS_CHOICE_H_

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace imageserver {

// One name of a set, and what it stands for.
template <class T>
struct Choice {
  std::string_view name;
  T value;
};

// What the name stands for; none if the set does not hold it.
template <const auto& kChoices>
[[nodiscard]] constexpr auto find_choice(std::string_view name) {
  using Value = decltype(kChoices.front().value);
  for (const Choice<Value>& choice : kChoices) {
    if (choice.name == name) return std::optional<Value>(choice.value);
  }
  return std::optional<Value>();
}

// The names of a set alone, in its order.
template <const auto& kChoices>
inline constexpr auto kNamesOf = [] {
  std::array<std::string_view, kChoices.size()> names;
  std::ranges::transform(kChoices, names.begin(), [](const auto& choice) { return choice.name; });
  return names;
}();

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_CHOICE_H_
