#include "imageserver/error.h"

#include <stdexcept>

namespace imageserver {

void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::logic_error("value() of a Result that holds an error: " + error.message);
}

}  // namespace imageserver
