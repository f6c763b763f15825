#include "source/origin_answer.h"

#include <string>
#include <utility>

#include "params/no_such_picture.h"

namespace imageserver {
namespace {

using End = HopAnswer::End;

// What a 304 does not repeat stays (RFC 9111, 3.2).
Validators renewed(const Validators& known, const Validators& told) {
  return {.etag = told.etag.empty() ? known.etag : told.etag,
          .last_modified = told.last_modified.empty() ? known.last_modified : told.last_modified};
}

Result<FetchedOriginal> original_of_status(HopAnswer& answer, const Validators& known) {
  switch (answer.status) {
    case 200:
      if (answer.body.empty()) return Error{ErrorKind::kUnprocessable, "the original is empty"};
      return FetchedOriginal{.bytes = std::move(answer.body),
                             .hash = answer.hash,
                             .validators = std::move(answer.validators),
                             .freshness = answer.freshness};
    case 304:
      if (known == Validators()) return origin_at_fault();
      return FetchedOriginal{.bytes = {},
                             .validators = renewed(known, answer.validators),
                             .freshness = answer.freshness,
                             .is_unchanged = true};
    // What may not be seen is told from what is not there by nobody.
    case 401:
    case 403:
    case 404:
    case 410:
      return no_such_picture();
    default:
      return origin_at_fault();
  }
}

}  // namespace

bool is_redirect(const HopAnswer& answer) {
  switch (answer.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return true;
    default:
      return false;
  }
}

Result<FetchedOriginal> original_of(HopAnswer& answer, const Validators& known) {
  switch (answer.end) {
    case End::kAnswered:
      return original_of_status(answer, known);
    case End::kConnectLate:
      return origin_late();
    case End::kTooLarge:
      return Error{ErrorKind::kUnprocessable, "the original has too many bytes"};
    case End::kNoMemory:
      return Error{ErrorKind::kBusy, "too many originals are in memory, try again in a moment"};
    case End::kShortage:
      return Error{ErrorKind::kBusy, "too much is open to fetch the original now"};
    case End::kNotReached:
    case End::kNotSafe:
    case End::kForbidden:
    case End::kBroken:
    case End::kCutOff:
      return origin_at_fault();
  }
  return origin_at_fault();
}

Error origin_late() {
  return {ErrorKind::kOriginLate, "the server of the original takes too long"};
}

Error origin_at_fault() {
  return {ErrorKind::kOrigin, "the server of the original does not give it"};
}

}  // namespace imageserver
