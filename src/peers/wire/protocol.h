// The names in requests and answers between nodes: path, group and fields.

#ifndef IMAGESERVER_PEERS_WIRE_PROTOCOL_H_
#define IMAGESERVER_PEERS_WIRE_PROTOCOL_H_

#include <string_view>

namespace imageserver {

// The path and group of peer requests, as golang/groupcache has them.
inline constexpr std::string_view kPeerPath = "/_groupcache/";
inline constexpr std::string_view kGroupName = "imageserver";

// The group of descriptions of originals: our own. Its 200 is a JSON object, no protobuf. A node
// that does not know the group answers 404 without a verdict.
inline constexpr std::string_view kInfoGroupName = "imageserver-info";

// The group of originals that the nodes fetch from servers. Its answer is a message as a picture's,
// whose value is the bytes of the original; kEtagField is their entity_tag(). A node that does not
// give them answers 404 without a verdict.
inline constexpr std::string_view kSourcesGroupName = "imageserver-sources";

// The group of purges: our own. Its keys are no params: kPurgeLogKey gives the whole log of purges
// (peers/purge_text.h), or 304 where the asking node has the same; kPurgeKey has the purge taken
// that the request carries.
inline constexpr std::string_view kPurgesGroupName = "imageserver-purges";
inline constexpr std::string_view kPurgeLogKey = "log";
inline constexpr std::string_view kPurgeKey = "purge";

// The fields below are our own. A Go node knows none of them.

// In an answer: one of our nodes sent it. The value is the fingerprint of the ring that the node
// sees.
inline constexpr std::string_view kRingField = "X-Imageserver-Ring";

// In an answer: the settings of the node that all nodes should have alike (wire/settings.h).
inline constexpr std::string_view kSettingsField = "X-Imageserver-Settings";

// In an answer: the picture's ETag for clients, so that the asking node need not hash the picture
// again. (A field called ETag would be the tag of the whole message.)
inline constexpr std::string_view kEtagField = "X-Imageserver-Etag";

// In an answer with a picture: the versions of the originals that it was made of
// (formats/version.h). In a request: those of the picture that the asking node has. If the owner
// has the same, it answers 304, without a picture.
inline constexpr std::string_view kVersionsField = "X-Imageserver-Versions";

// In an answer with kVersionsField: milliseconds, in decimal, for which the owner still believes in
// them. 0: it has not yet looked again. kOutdated: it knows newer ones by now, so nobody keeps the
// picture.
inline constexpr std::string_view kFreshField = "X-Imageserver-Fresh-Ms";
inline constexpr std::string_view kOutdated = "-1";

// In a request: milliseconds that the asking node will wait for the answer, in decimal.
inline constexpr std::string_view kDeadlineField = "X-Imageserver-Deadline-Ms";

// In an answer with an error: what the error means for the node that asks (wire/verdict.h). An
// error without it is a fault between the two nodes, or comes from a node that does not know the
// field.
inline constexpr std::string_view kVerdictField = "X-Imageserver-Verdict";

// In a request: the asking node takes interim answers, and expects `102 Processing` at once and
// every 200 ms while its picture is made. In an answer to such a request: the node sends them. The
// only value is kInterimVersion.
inline constexpr std::string_view kInterimField = "X-Imageserver-Interim";
inline constexpr std::string_view kInterimVersion = "1";

// In a request: the asking node has room for the load itself. A node with a backlog may then answer
// busy at once, instead of letting the request wait. The only value is kMayDecline.
inline constexpr std::string_view kMayDeclineField = "X-Imageserver-May-Decline";
inline constexpr std::string_view kMayDecline = "1";

// In a request: the name of the asking node on the ring.
inline constexpr std::string_view kFromField = "X-Imageserver-From";

// In a request and in an answer: the digest of the purges that the sender knows.
inline constexpr std::string_view kPurgesField = "X-Imageserver-Purges";

// In a request: the newest purges that reach the originals that it needs.
inline constexpr std::string_view kPurgeField = "X-Imageserver-Purge";

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_PROTOCOL_H_
