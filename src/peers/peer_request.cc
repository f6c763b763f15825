#include "peers/peer_request.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "peers/wire/context_header.h"
#include "peers/wire/peer_signature.h"
#include "peers/wire/protocol.h"

namespace imageserver {
namespace {

// This target names no group and no key. Every node answers it with 400, and no node counts it.
constexpr std::string_view kProbeTarget = "/_groupcache/imageserver";

// The most of its time that a peer leaves for the way back, so that a peer that runs out of time
// can say so while we still listen.
constexpr milliseconds kLongestWayBack{100};

std::string field(std::string_view name, std::string_view value) {
  return std::string(name).append(": ").append(value).append("\r\n");
}

// The time for a fetch, or for the silence in it.
milliseconds patience_of(const PeerOptions& options, Deadline query_deadline) {
  const auto left = std::chrono::duration_cast<milliseconds>(query_deadline - Clock::now());
  return options.timeout.value_or(left * 3 / 5);
}

bool may_be_go(const PeerOptions& options, PeerKind kind) {
  return kind == PeerKind::kGo || (kind == PeerKind::kUnknown && options.mode == RingMode::kGo);
}

std::string interim_field(const PeerOptions& options, const Peer& peer) {
  return may_be_go(options, peer.kind()) ? "" : field(kInterimField, kInterimVersion);
}

std::string decline_field(const PeerOptions& options, const Peer& peer, bool may_decline) {
  if (!may_decline || may_be_go(options, peer.kind())) return {};
  return field(kMayDeclineField, kMayDecline);
}

std::string versions_field(const PeerOptions& options, const Peer& peer, const Versions& have) {
  if (have.empty() || may_be_go(options, peer.kind())) return {};
  return field(kVersionsField, versions_text(have));
}

std::string purge_fields(const PeerOptions& options, const Peer& peer, const std::string& fields) {
  return may_be_go(options, peer.kind()) ? "" : fields;
}

std::string deadline_field(const PeerOptions& options, const Peer& peer, Deadline deadline) {
  if (may_be_go(options, peer.kind())) return {};
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
  const auto for_peer = left - std::min(left / 10, kLongestWayBack);
  return field(kDeadlineField, std::to_string(std::max<std::int64_t>(for_peer.count(), 1)));
}

// Nodes with a secret expect no Go nodes in their ring: an unknown peer counts as one of ours.
std::string signature_field(const PeerOptions& options, Peer& peer,
                            const Peer::Question& question) {
  if (options.secret.empty() || peer.kind() == PeerKind::kGo) return {};
  const SignedParts parts = {"GET", question.target, question.context};
  return field(kSignatureHeader,
               sign(options.secret, parts, seconds_since_1970(), peer.nonces().next()));
}

Peer::QuestionPtr probe_question(const PeerOptions& options, const Peer& peer) {
  Peer::QuestionPtr failed = may_be_go(options, peer.kind()) ? peer.last_failed() : nullptr;
  if (failed) return failed;
  return std::make_shared<const Peer::Question>(
      Peer::Question{.target = std::string(kProbeTarget), .context = {}});
}

std::string_view group_name(Query::Of of) {
  switch (of) {
    case Query::Of::kPicture:
      return kGroupName;
    case Query::Of::kDescription:
      return kInfoGroupName;
    case Query::Of::kOriginal:
      return kSourcesGroupName;
  }
  return kGroupName;
}

}  // namespace

Peer::QuestionPtr question_of(const Query& query) {
  std::string target;
  target.append(kPeerPath).append(group_name(query.of));
  target.append("/").append(query.key);
  return std::make_shared<const Peer::Question>(
      Peer::Question{.target = std::move(target), .context = encode_context_header(query.params)});
}

ClientRequest fetch_request(const PeerOptions& options, PeerPtr peer, Peer::QuestionPtr question,
                            const FetchTerms& terms) {
  const Deadline deadline =
      may_be_go(options, peer->kind())
          ? std::min(terms.deadline, Clock::now() + patience_of(options, terms.deadline))
          : terms.deadline;
  ClientRequest request(peer->authority(), question->target, kMaxPeerBody, deadline);
  request.fields = field(kContextHeader, question->context);
  request.fresh_fields = [&options, peer = std::move(peer), question = std::move(question),
                          deadline, may_decline = terms.may_decline, have = terms.have,
                          purges = terms.purges] {
    return deadline_field(options, *peer, deadline) + interim_field(options, *peer) +
           decline_field(options, *peer, may_decline) + versions_field(options, *peer, have) +
           purge_fields(options, *peer, purges) + signature_field(options, *peer, *question);
  };
  return request;
}

ClientRequest purge_request(const PeerOptions& options, PeerPtr peer, std::string_view key,
                            std::string fields, Deadline deadline) {
  std::string target;
  target.append(kPeerPath).append(kPurgesGroupName).append("/").append(key);
  const auto question =
      std::make_shared<const Peer::Question>(Peer::Question{.target = target, .context = {}});
  ClientRequest request(peer->authority(), std::move(target), kMaxPeerBody, deadline);
  if (!fields.empty()) request.fields = std::move(fields) + field(kInterimField, kInterimVersion);
  request.fresh_fields = [&options, peer = std::move(peer), question] {
    return signature_field(options, *peer, *question);
  };
  request.on_arrival = [](const Arrival&) {};
  return request;
}

std::optional<milliseconds> longest_silence(const PeerOptions& options, const Peer& peer,
                                            Deadline query_deadline) {
  if (may_be_go(options, peer.kind())) return std::nullopt;
  return patience_of(options, query_deadline);
}

ClientRequest probe_request(const PeerOptions& options, Peer& peer, milliseconds patience) {
  const Peer::QuestionPtr question = probe_question(options, peer);
  ClientRequest request(peer.authority(), question->target, kMaxPeerBody, Clock::now() + patience);
  if (!question->context.empty()) request.fields = field(kContextHeader, question->context);
  request.fields += interim_field(options, peer) + signature_field(options, peer, *question);
  if (options.purges) request.fields += purge_fields(options, peer, options.purges->fields());
  return request;
}

}  // namespace imageserver
