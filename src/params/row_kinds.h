// Rows of the table of parameters, by what their values are. Each row sets the field that it is
// given. Threads: free functions, callable from any.

#ifndef IMAGESERVER_PARAMS_ROW_KINDS_H_
#define IMAGESERVER_PARAMS_ROW_KINDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "params/checks.h"
#include "params/choice.h"
#include "params/draft.h"
#include "params/gravity.h"
#include "params/hex_colour.h"
#include "params/invalid_param.h"
#include "params/parameter.h"

namespace imageserver::row {

template <class T>
T& field_of(Draft& draft, T TransformSpec::* field) {
  return draft.spec.*field;
}

template <class T>
T& field_of(Draft& draft, T Watermark::* field) {
  return draft.watermark.*field;
}

// Null if the spec does not hold the field.
template <class T>
const T* field_in(const TransformSpec& spec, T TransformSpec::* field) {
  return &(spec.*field);
}

template <class T>
const T* field_in(const TransformSpec& spec, T Watermark::* field) {
  return spec.watermark ? &((*spec.watermark).*field) : nullptr;
}

template <class T>
std::optional<double> as_number(const T& field) {
  return static_cast<double>(field);
}

template <class T>
std::optional<double> as_number(const std::optional<T>& field) {
  return field ? as_number(*field) : std::nullopt;
}

template <auto kField>
std::optional<double> number_in(const TransformSpec& spec) {
  const auto* const field = field_in(spec, kField);
  return field == nullptr ? std::nullopt : as_number(*field);
}

template <class T, class Value>
void assign(T& field, const Value& value) {
  field = static_cast<T>(value);
}

template <class T, class Value>
void assign(std::optional<T>& field, const Value& value) {
  field = static_cast<T>(value);
}

// Takes the checked value over, or hands its error on.
template <auto kField, class Value>
Verdict store(const Result<Value>& checked, Draft& draft) {
  if (!checked) return checked.error();
  assign(field_of(draft, kField), *checked);
  return std::nullopt;
}

template <auto kField>
Verdict take_integer(const Parameter& parameter, const ParamEntry& entry, Draft& draft) {
  return store<kField>(integer_within(entry, *parameter.range), draft);
}

template <auto kField>
Verdict take_side(const Parameter& parameter, const ParamEntry& entry, Draft& draft) {
  return store<kField>(side_within(entry, *parameter.range), draft);
}

template <auto kField>
Verdict take_number(const Parameter& parameter, const ParamEntry& entry, Draft& draft) {
  return store<kField>(number_within(entry, *parameter.range), draft);
}

template <auto kField>
Verdict take_boolean(const Parameter&, const ParamEntry& entry, Draft& draft) {
  return store<kField>(imageserver::boolean(entry), draft);
}

template <auto kField, const auto& kChoices>
Verdict take_choice(const Parameter& parameter, const ParamEntry& entry, Draft& draft) {
  const Result<std::string_view> name = plain_string(entry);
  if (!name) return name.error();
  const auto choice = find_choice<kChoices>(*name);
  if (!choice) return invalid_param(entry.name, one_of(parameter.choices));
  assign(field_of(draft, kField), *choice);
  return std::nullopt;
}

template <auto kField, const auto& kChoices>
Verdict take_gravity(const Parameter& parameter, const ParamEntry& entry, Draft& draft) {
  const Result<std::string_view> text = plain_string(entry);
  if (!text) return text.error();
  std::optional<Gravity> gravity = find_choice<kChoices>(*text);
  if (!gravity) gravity = parse_focal_point(*text);
  if (!gravity) {
    return invalid_param(entry.name,
                         one_of(parameter.choices) + ", or " + std::string(parameter.rule));
  }
  field_of(draft, kField) = *gravity;
  return std::nullopt;
}

template <auto kField>
Verdict take_colour(const Parameter& parameter, const ParamEntry& entry, Draft& draft) {
  const Result<std::string_view> text = plain_string(entry);
  if (!text) return text.error();
  const std::optional<Colour> colour = parse_hex_colour(*text);
  if (!colour) return invalid_param(entry.name, parameter.rule);
  field_of(draft, kField) = *colour;
  return std::nullopt;
}

template <auto kField>
constexpr Parameter integer(std::string_view name, Range range, Default by_default,
                            std::string_view help) {
  return {.name = name,
          .kind = Kind::kInteger,
          .range = range,
          .by_default = by_default,
          .help = help,
          .take = take_integer<kField>,
          .number_in = number_in<kField>};
}

// An integer whose check says which of its bounds was broken.
template <auto kField>
constexpr Parameter side(std::string_view name, Range range, Default by_default,
                         std::string_view help) {
  Parameter row = integer<kField>(name, range, by_default, help);
  row.take = take_side<kField>;
  return row;
}

template <auto kField>
constexpr Parameter number(std::string_view name, Range range, Default by_default,
                           std::string_view help) {
  return {.name = name,
          .kind = Kind::kNumber,
          .range = range,
          .by_default = by_default,
          .help = help,
          .take = take_number<kField>,
          .number_in = number_in<kField>};
}

template <auto kField>
constexpr Parameter boolean(std::string_view name, Default by_default, std::string_view help) {
  return {.name = name,
          .kind = Kind::kBoolean,
          .by_default = by_default,
          .help = help,
          .take = take_boolean<kField>};
}

template <auto kField, const auto& kChoices>
constexpr Parameter choice(std::string_view name, Default by_default, std::string_view help) {
  return {.name = name,
          .kind = Kind::kChoice,
          .choices = kNamesOf<kChoices>,
          .by_default = by_default,
          .help = help,
          .take = take_choice<kField, kChoices>};
}

template <auto kField, const auto& kChoices>
constexpr Parameter gravity(std::string_view name, Default by_default, std::string_view help) {
  return {.name = name,
          .kind = Kind::kGravity,
          .choices = kNamesOf<kChoices>,
          .rule = "fp:x,y with x and y between 0 and 1",
          .by_default = by_default,
          .help = help,
          .take = take_gravity<kField, kChoices>};
}

template <auto kField>
constexpr Parameter colour(std::string_view name, Default by_default, std::string_view help) {
  return {.name = name,
          .kind = Kind::kColour,
          .rule = "must be rgb, argb, rrggbb or aarrggbb in hexadecimal",
          .by_default = by_default,
          .help = help,
          .take = take_colour<kField>};
}

// The row of a parameter whose value goes into that map.
constexpr Parameter in(Place place, Parameter parameter) {
  parameter.place = place;
  return parameter;
}

}  // namespace imageserver::row

#endif  // IMAGESERVER_PARAMS_ROW_KINDS_H_
