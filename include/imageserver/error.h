// The errors that cross a room's border. They are values: nothing throws from one room into
// another.

#ifndef IMAGESERVER_ERROR_H_
#define IMAGESERVER_ERROR_H_

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>

namespace imageserver {

enum class ErrorKind : std::uint8_t {
  kBadRequest,        // the request is malformed
  kInvalidParam,      // a parameter is out of its range or set
  kForbidden,         // a peer's request without a right signature; a file we may not read
  kNotFound,          // there is no such picture
  kUnprocessable,     // the file is not a picture we read, is damaged, or is over a limit
  kDeadly,            // what reads the file has died of it
  kNeedsMemory,       // the picture takes more memory than a render may have
  kOrigin,            // the server that has the original does not give it
  kOriginLate,        // the server that has the original takes too long to give it
  kBusy,              // every place in the queue is taken; worth another try
  kOutOfMemory,       // this process has no memory left for the picture; worth another try
  kDeadlineExceeded,  // the time given to the request has passed
  kCancelled,         // nobody waits for the result any more
  kUnreachable,       // a peer could not be connected to
  kCutOff,            // the connection to a peer broke before its answer was whole
  kPeer,              // a peer answered something it must not
  kInternal,          // none of the above
};

// REQUIRES: `message` may be shown to any client: one line that names the parameter and the rule,
// and never a path, an address or a library's own text (those go to the log).
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;

  friend bool operator==(const Error&, const Error&) = default;
};

// A T or an Error. Ask has_value() (or has_error()) first.
template <class T>
using Result = boost::system::result<T, Error>;

// Found by Result::value() when there is none; a caller that asked first never gets here.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location&);

}  // namespace imageserver

#endif  // IMAGESERVER_ERROR_H_
