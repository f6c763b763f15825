#include "http/error_response.h"

namespace imageserver {

unsigned http_status(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kBadRequest:
    case ErrorKind::kInvalidParam:
      return 400;
    case ErrorKind::kForbidden:
      return 403;
    case ErrorKind::kNotFound:
      return 404;
    case ErrorKind::kUnprocessable:
    case ErrorKind::kDeadly:
    case ErrorKind::kNeedsMemory:
      return 422;
    case ErrorKind::kOrigin:
      return 502;
    case ErrorKind::kBusy:
    case ErrorKind::kOutOfMemory:
    case ErrorKind::kCancelled:
      return 503;
    case ErrorKind::kOriginLate:
    case ErrorKind::kDeadlineExceeded:
      return 504;
    case ErrorKind::kUnreachable:
    case ErrorKind::kCutOff:
    case ErrorKind::kPeer:
    case ErrorKind::kInternal:
      return 500;
  }
  return 500;
}

Response error_response(const Error& error) {
  Response response = text_response(http_status(error.kind), error.message);
  const bool is_for_now = error.kind == ErrorKind::kBusy || error.kind == ErrorKind::kOutOfMemory;
  if (is_for_now) response.add_field("Retry-After", "1");
  return response;
}

}  // namespace imageserver
