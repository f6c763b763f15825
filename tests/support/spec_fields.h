// Every field of a TransformSpec, to show that nothing that it asks for is ever left out.

#ifndef IMAGESERVER_TESTS_SUPPORT_SPEC_FIELDS_H_
#define IMAGESERVER_TESTS_SUPPORT_SPEC_FIELDS_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "params/transform_spec.h"

namespace imageserver {

struct SpecField {
  std::string name;
  std::function<void(TransformSpec&)> change;  // to a valid value that is not the default
};

// For what a failed test says.
inline void PrintTo(const SpecField& field, std::ostream* out) { *out << field.name; }

// All of them, in their order. This does not compile if the spec has a field that is not listed,
// and fails the test if a row does not change its own field alone.
[[nodiscard]] const std::vector<SpecField>& spec_fields();

// A spec that asks for this field alone.
[[nodiscard]] TransformSpec spec_with(const SpecField& field);

}  // namespace imageserver

#endif  // IMAGESERVER_TESTS_SUPPORT_SPEC_FIELDS_H_
