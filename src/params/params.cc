#include "params/params.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <type_traits>
#include <utility>

#include "base/hash.h"
#include "params/names.h"

namespace imageserver {
namespace {

// A finite double taken apart: sign, shortest digits that read back as it, and decimal exponent.
struct Decimal {
  bool negative;
  std::string digits;  // d.ddd without the point
  int exponent;
};

Decimal shortest_decimal(double number) {
  std::array<char, 32> buffer{};
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(number),
                                  std::chars_format::scientific)
                        .ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = text.find('e');
  const std::size_t sign = text[e + 1] == '+' ? 1 : 0;
  Decimal decimal{std::signbit(number), {}, 0};
  std::ranges::copy_if(text.substr(0, e), std::back_inserter(decimal.digits),
                       [](char byte) { return byte != '.'; });
  std::from_chars(text.data() + e + 1 + sign, end, decimal.exponent);
  return decimal;
}

std::string scientific(const Decimal& decimal) {
  const int magnitude = std::abs(decimal.exponent);
  std::string text = decimal.digits;
  if (text.size() > 1) text.insert(1, 1, '.');
  text += decimal.exponent < 0 ? "e-" : "e+";
  if (magnitude < 10) text += '0';
  return text + std::to_string(magnitude);
}

std::string positional(const Decimal& decimal) {
  if (decimal.exponent < 0) {
    std::string text = "0.";
    text.append(static_cast<std::size_t>(-decimal.exponent - 1), '0');
    text += decimal.digits;
    return text;
  }
  const auto whole = static_cast<std::size_t>(decimal.exponent) + 1;
  std::string text = decimal.digits;
  if (text.size() <= whole) return text + std::string(whole - text.size(), '0');
  return text.insert(whole, 1, '.');
}

// Go's %v: like C's %g, with the fewest digits that read back as the same number.
std::string float_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Inf" : "+Inf";
  const Decimal decimal = shortest_decimal(number);
  const bool far = decimal.exponent < -4 || decimal.exponent >= 6;
  std::string text = far ? scientific(decimal) : positional(decimal);
  if (decimal.negative) text.insert(0, 1, '-');
  return text;
}

void append_map(std::string& text, const Params& params);

void append_value(std::string& text, const ParamValue& value) {
  std::visit(
      [&text](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, bool>) {
          text += held ? "true" : "false";
        } else if constexpr (std::is_same_v<Held, std::int64_t>) {
          text += std::to_string(held);
        } else if constexpr (std::is_same_v<Held, double>) {
          text += float_text(held);
        } else if constexpr (std::is_same_v<Held, std::string>) {
          text += held;
        } else {
          append_map(text, held);
        }
      },
      value);
}

// `name:value` and a space.
void append_entry(std::string& text, const ParamEntry& entry) {
  text += entry.name;
  text += ':';
  append_value(text, entry.value);
  text += ' ';
}

void append_map(std::string& text, const Params& params) {
  const ParamEntry* source = nullptr;
  text += "map[";
  for (const ParamEntry& entry : params.entries()) {
    if (entry.name == names::kSource) {
      source = &entry;
    } else {
      append_entry(text, entry);
    }
  }
  if (source != nullptr) append_entry(text, *source);
  if (!params.empty()) text.pop_back();
  text += ']';
}

}  // namespace

Params::Params() = default;
Params::Params(const Params&) = default;
Params::Params(Params&&) noexcept = default;
Params& Params::operator=(const Params&) = default;
Params& Params::operator=(Params&&) noexcept = default;
Params::~Params() = default;

bool Params::insert(std::string name, ParamValue value) {
  const auto place = std::ranges::lower_bound(entries_, name, {}, &ParamEntry::name);
  if (place != entries_.end() && place->name == name) return false;
  entries_.insert(place, ParamEntry{std::move(name), std::move(value)});
  return true;
}

const ParamValue* Params::find(std::string_view name) const {
  const auto place = std::ranges::lower_bound(entries_, name, {}, &ParamEntry::name);
  return place != entries_.end() && place->name == name ? &place->value : nullptr;
}

std::span<const ParamEntry> Params::entries() const { return entries_; }

bool Params::empty() const { return entries_.empty(); }

std::string Params::text() const {
  std::string text;
  append_map(text, *this);
  return text;
}

std::string Params::key() const { return to_hex(sha256(text())); }

bool operator==(const Params& a, const Params& b) { return a.entries_ == b.entries_; }

bool operator==(const ParamEntry&, const ParamEntry&) = default;

}  // namespace imageserver
