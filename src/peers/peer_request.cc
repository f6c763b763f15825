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

// The time for a probe. A probe's answer is short, unless it answers a Go node's GET.
constexpr milliseconds kProbeTime{2'000};

// This target names no group and no key. Every node answers it with 400, and no node counts it.
constexpr std::string_view kProbeTarget = "/_groupcache/imageserver";

// The most of its time that a peer leaves for the way back, so that a peer that runs out of time
// can say so while we still listen.
constexpr milliseconds kLongestWayBack{100};

std::string field(std::string_view name, std::string_view value) {
  return std::string(name).append(": ").append(value).append("\r\n");
}

Deadline fetch_deadline(Deadline query_deadline, std::optional<milliseconds> timeout) {
  const auto now = Clock::now();
  const auto share = timeout ? Clock::duration(*timeout) : (query_deadline - now) * 3 / 5;
  return std::min(query_deadline, now + share);
}

bool may_be_go(const PeerOptions& options, PeerKind kind) {
  return kind == PeerKind::kGo || (kind == PeerKind::kUnknown && options.mode == RingMode::kGo);
}

std::string deadline_field(const PeerOptions& options, const Peer& peer, Deadline deadline) {
  if (may_be_go(options, peer.kind())) return {};
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
  const auto for_peer = left - std::min(left / 10, kLongestWayBack);
  return field(kDeadlineField, std::to_string(std::max<std::int64_t>(for_peer.count(), 1)));
}

// Nodes with a secret expect no Go nodes in their ring: an unknown peer counts as one of ours.
std::string signature_field(const PeerOptions& options, const Peer& peer,
                            const Peer::Question& question) {
  if (options.secret.empty() || peer.kind() == PeerKind::kGo) return {};
  const SignedParts parts = {"GET", question.target, question.context};
  return field(kSignatureHeader, sign(options.secret, parts, seconds_since_1970(), make_nonce()));
}

Peer::QuestionPtr probe_question(const PeerOptions& options, const Peer& peer) {
  Peer::QuestionPtr failed = may_be_go(options, peer.kind()) ? peer.last_failed() : nullptr;
  if (failed) return failed;
  return std::make_shared<const Peer::Question>(
      Peer::Question{.target = std::string(kProbeTarget), .context = {}});
}

}  // namespace

Peer::QuestionPtr question_of(const Query& query) {
  std::string target;
  target.append(kPeerPath).append(kGroupName).append("/").append(query.key);
  return std::make_shared<const Peer::Question>(
      Peer::Question{.target = std::move(target), .context = encode_context_header(query.params)});
}

ClientRequest fetch_request(const PeerOptions& options, PeerPtr peer, Peer::QuestionPtr question,
                            Deadline query_deadline) {
  const Deadline deadline = fetch_deadline(query_deadline, options.timeout);
  ClientRequest request(peer->authority(), question->target, kMaxPeerBody, deadline);
  request.fields = field(kContextHeader, question->context);
  request.fresh_fields = [&options, peer = std::move(peer), question = std::move(question),
                          deadline] {
    return deadline_field(options, *peer, deadline) + signature_field(options, *peer, *question);
  };
  return request;
}

ClientRequest probe_request(const PeerOptions& options, const Peer& peer) {
  const Peer::QuestionPtr question = probe_question(options, peer);
  ClientRequest request(peer.authority(), question->target, kMaxPeerBody,
                        Clock::now() + kProbeTime);
  if (!question->context.empty()) request.fields = field(kContextHeader, question->context);
  request.fields += signature_field(options, peer, *question);
  return request;
}

}  // namespace imageserver
