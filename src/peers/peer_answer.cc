#include "peers/peer_answer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "base/out_of_memory.h"
#include "base/text.h"
#include "formats/format.h"
#include "groupcache/busy.h"
#include "params/choose_format.h"
#include "params/go_params.h"
#include "params/no_such_picture.h"
#include "params/size_limits.h"
#include "peers/wire/frames_field.h"
#include "peers/wire/protobuf.h"
#include "peers/wire/protocol.h"
#include "peers/wire/value.h"
#include "peers/wire/verdict.h"

namespace imageserver {
namespace {

using Failure = PeerTransport::Failure;

PeerTransport::Outcome bad_answer(std::string line) {
  return {Error{ErrorKind::kPeer, std::move(line)}, Failure::kBad};
}

// The first line of the peer's text if it can be shown to a client as it is, else `instead`.
std::string error_line(const Bytes& body, std::string_view instead) {
  constexpr std::size_t kLongest = 200;
  const std::string_view line = cut(body.view(), '\n').first;
  const bool plain = std::ranges::all_of(line, is_printable_ascii);
  return std::string(plain && !line.empty() && line.size() <= kLongest ? line : instead);
}

PeerTransport::Outcome final_error(ErrorKind kind, const Bytes& body, std::string_view instead) {
  return {Error{kind, error_line(body, instead)}, Failure::kFinal};
}

// Whether some original could give a result in that format. The pixel counts 0 and 1 with the limit
// 0 stand for results that are small enough for AVIF and for results that are not.
bool may_be_in(Format format, const TransformSpec& spec) {
  if (!spec.format && !spec.auto_format) return true;
  for (const bool moves : {false, true}) {
    for (const bool alpha : {false, true}) {
      for (const std::int64_t pixels : {0, 1}) {
        const ResultFacts facts{.moves = moves, .alpha = alpha, .pixels = pixels};
        if (choose_format(spec, facts, 0) == format) return true;
      }
    }
  }
  return false;
}

bool is_wanted(const ValueView& value, const Query& query) {
  const auto type = sniff(value.data);
  return type && format_of(*type) == value.format && may_be_in(value.format, query.spec);
}

// The picture shares the memory of the answer, unless much of the answer is something else, which
// would stay in memory as long as the picture.
Bytes picture_in(const Bytes& body, std::string_view data) {
  constexpr std::size_t kMostAround = 1024;
  if (body.size() - data.size() > kMostAround) return Bytes::copy(data);
  return body.slice(static_cast<std::size_t>(data.data() - body.data()), data.size());
}

bool is_rate(double number) { return std::isfinite(number) && number >= 0; }

PeerTransport::Outcome picture(const ClientResponse& response, const Query& query) {
  const Result<GetResponse> message = decode_get_response(response.body.view());
  if (message.has_error()) return bad_answer("the answer is no groupcache message");
  const Result<ValueView> value = decode_value(message->value);
  if (value.has_error()) return bad_answer("the answer holds no picture");
  if (!is_wanted(*value, query)) return bad_answer("the answer is in another format");
  const std::string_view frames_text = response.header(kFramesField);
  const auto frames = frames_text.empty() ? Frames{} : parse_frames(frames_text);
  const bool sane = frames && is_rate(message->minute_qps.value_or(0));
  if (!sane) return bad_answer("the answer says what cannot be");
  Bytes data = picture_in(response.body, value->data);
  const std::string_view etag = response.header(kEtagField);
  const ImagePtr image = is_entity_tag(etag)
                             ? make_image(value->format, std::move(data), *frames, etag)
                             : make_image(value->format, std::move(data), *frames);
  return {.image = image, .minute_qps = message->minute_qps};
}

PeerTransport::Outcome original(const ClientResponse& response) {
  const Result<GetResponse> message = decode_get_response(response.body.view());
  if (message.has_error()) return bad_answer("the answer is no groupcache message");
  const bool is_original = message->value.size() <= kMaxSourceBytes && sniff(message->value);
  if (!is_original) return bad_answer("the answer holds no original");
  if (entity_tag(message->value) != response.header(kEtagField)) {
    return bad_answer("the answer holds other bytes than it says");
  }
  if (!is_rate(message->minute_qps.value_or(0)))
    return bad_answer("the answer says what cannot be");
  return {.image = make_original(picture_in(response.body, message->value),
                                 std::string(response.header(kEtagField))),
          .minute_qps = message->minute_qps};
}

PeerTransport::Outcome bad_status(unsigned status) {
  return bad_answer("answered with status " + std::to_string(status));
}

// An answer with an error, without a verdict that we know.
PeerTransport::Outcome failure_by_status(const ClientResponse& response) {
  switch (response.status) {
    case 404:
      return final_error(ErrorKind::kNotFound, response.body, kNoSuchPicture);
    case 422:
      return final_error(ErrorKind::kUnprocessable, response.body, "the picture cannot be read");
    case 504:
      return final_error(ErrorKind::kDeadlineExceeded, response.body, "out of time");
    case 503:
      return {busy(), Failure::kBusy};
    default:
      return bad_status(response.status);
  }
}

PeerTransport::Outcome file_failure(const ClientResponse& response) {
  switch (response.status) {
    case 403:
      return final_error(ErrorKind::kForbidden, response.body, "the picture may not be read");
    case 404:
      return final_error(ErrorKind::kNotFound, response.body, kNoSuchPicture);
    default:
      return final_error(ErrorKind::kUnprocessable, response.body, "the picture cannot be read");
  }
}

PeerTransport::Outcome memory_failure(const ClientResponse& response) {
  if (response.status != 422) return {out_of_memory(), Failure::kSpent};
  return final_error(ErrorKind::kNeedsMemory, response.body, "the picture takes too much memory");
}

PeerTransport::Outcome origin_failure(const ClientResponse& response) {
  if (response.status == 504) {
    return final_error(ErrorKind::kOriginLate, response.body, "the original takes too long");
  }
  return final_error(ErrorKind::kOrigin, response.body, "the original cannot be had");
}

PeerTransport::Outcome failure_by_verdict(PeerVerdict verdict, const ClientResponse& response) {
  switch (verdict) {
    case PeerVerdict::kParam:
      return final_error(ErrorKind::kInvalidParam, response.body,
                         "the picture does not allow what is asked for");
    case PeerVerdict::kFile:
      return file_failure(response);
    case PeerVerdict::kOrigin:
      return origin_failure(response);
    case PeerVerdict::kTime:
      return {Error{ErrorKind::kDeadlineExceeded, "out of time"}, Failure::kSpent};
    case PeerVerdict::kMemory:
      return memory_failure(response);
    case PeerVerdict::kBusy:
      return {busy(), Failure::kBusy};
  }
  return bad_status(response.status);
}

PeerTransport::Outcome unknown_group() {
  return {Error{ErrorKind::kPeer, "gives nothing but pictures"}, Failure::kNotAsked};
}

PeerTransport::Outcome description(const ClientResponse& response) {
  constexpr std::size_t kLongest = 64U << 10U;
  const std::string_view json = response.body.view();
  const bool is_object =
      json.size() <= kLongest && json.starts_with('{') && nlohmann::json::accept(json);
  return is_object ? PeerTransport::Outcome{.image = make_description(response.body)}
                   : bad_answer("the answer is no description");
}

bool is_error(unsigned status) { return status >= 400; }

// What the peer says of versions counts only as a whole: of each original one.
std::optional<Versions> versions_in(const ClientResponse& response, const Query& query) {
  auto versions = parse_versions(response.header(kVersionsField));
  const bool has_watermark = query.spec.watermark.has_value();
  const bool is_whole = versions && versions->size() == (has_watermark ? 2U : 1U);
  return is_whole ? std::move(versions) : std::nullopt;
}

std::optional<milliseconds> fresh_for(const ClientResponse& response) {
  const auto number = parse_whole<std::uint32_t>(response.header(kFreshField));
  return number ? std::optional(milliseconds(*number)) : std::nullopt;
}

// An original says its version by its hash.
PeerTransport::Outcome with_versions_of(const ClientResponse& response, const Query& query,
                                        PeerTransport::Outcome outcome) {
  if (outcome.image.has_error()) return outcome;
  outcome.fresh_for = fresh_for(response);
  outcome.is_outdated = response.header(kFreshField) == kOutdated;
  auto versions = versions_in(response, query);
  if (!versions || query.of == Query::Of::kOriginal) return outcome;
  outcome.image = with_versions(*outcome.image, *std::move(versions));
  return outcome;
}

PeerTransport::Outcome unchanged(const ClientResponse& response, const Query& query,
                                 const Versions& have) {
  if (have.empty() || versions_in(response, query) != have) return bad_status(response.status);
  return {.image = ImagePtr(), .fresh_for = fresh_for(response), .is_unchanged = true};
}

PeerTransport::Outcome value_of_ours(const ClientResponse& response, const Query& query) {
  switch (query.of) {
    case Query::Of::kPicture:
      return picture(response, query);
    case Query::Of::kDescription:
      return description(response);
    case Query::Of::kOriginal:
      return original(response);
  }
  return bad_status(response.status);
}

PeerTransport::Outcome answer_of_ours(const ClientResponse& response, const Query& query,
                                      const Versions& have) {
  if (response.status == 200) {
    return with_versions_of(response, query, value_of_ours(response, query));
  }
  if (response.status == 304) return unchanged(response, query, have);
  const auto verdict = parse_verdict(response.header(kVerdictField));
  if (verdict && is_error(response.status)) return failure_by_verdict(*verdict, response);
  if (query.of != Query::Of::kPicture && response.status == 404) return unknown_group();
  return failure_by_status(response);
}

PeerTransport::Outcome answer_of_go(const ClientResponse& response, const Query& query) {
  if (query.of != Query::Of::kPicture) return unknown_group();
  if (!has_only_go_params(query.params)) return bad_answer("a Go node does not know such params");
  return response.status == 200 ? picture(response, query) : bad_status(response.status);
}

PeerTransport::Outcome no_answer(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kPeer:
      return {error, Failure::kBad};
    case ErrorKind::kInternal:
      return {error, Failure::kNotAsked};
    default:
      return {error, Failure::kAway};
  }
}

}  // namespace

PeerTransport::Outcome read_peer_answer(const Result<ClientResponse>& response, const Query& query,
                                        const Versions& have) {
  if (response.has_error()) return no_answer(response.error());
  const bool ours = !response->header(kRingField).empty();
  return ours ? answer_of_ours(*response, query, have) : answer_of_go(*response, query);
}

}  // namespace imageserver
