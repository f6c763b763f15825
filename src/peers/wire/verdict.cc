#include "peers/wire/verdict.h"

#include <algorithm>
#include <array>

namespace imageserver {
namespace {

struct Row {
  PeerVerdict verdict;
  std::string_view text;
};

// The first row of a verdict has the text that is sent.
constexpr auto kRows = std::to_array<Row>({
    {PeerVerdict::kParam, "param"},
    {PeerVerdict::kFile, "file"},
    {PeerVerdict::kOrigin, "origin"},
    {PeerVerdict::kTime, "time"},
    {PeerVerdict::kMemory, "memory"},
    {PeerVerdict::kBusy, "busy"},
    {PeerVerdict::kParam, "invalid-param"},  // the only verdict of nodes before this table
});

}  // namespace

std::optional<PeerVerdict> verdict_on(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidParam:
      return PeerVerdict::kParam;
    case ErrorKind::kForbidden:
    case ErrorKind::kNotFound:
    case ErrorKind::kUnprocessable:
    case ErrorKind::kDeadly:
      return PeerVerdict::kFile;
    case ErrorKind::kOrigin:
    case ErrorKind::kOriginLate:
      return PeerVerdict::kOrigin;
    case ErrorKind::kDeadlineExceeded:
      return PeerVerdict::kTime;
    case ErrorKind::kOutOfMemory:
    case ErrorKind::kNeedsMemory:
      return PeerVerdict::kMemory;
    case ErrorKind::kBusy:
      return PeerVerdict::kBusy;
    case ErrorKind::kBadRequest:
    case ErrorKind::kCancelled:
    case ErrorKind::kUnreachable:
    case ErrorKind::kCutOff:
    case ErrorKind::kPeer:
    case ErrorKind::kInternal:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string_view verdict_text(PeerVerdict verdict) {
  return std::ranges::find(kRows, verdict, &Row::verdict)->text;
}

std::optional<PeerVerdict> parse_verdict(std::string_view text) {
  const auto* const found = std::ranges::find(kRows, text, &Row::text);
  return found == kRows.end() ? std::nullopt : std::optional(found->verdict);
}

}  // namespace imageserver
