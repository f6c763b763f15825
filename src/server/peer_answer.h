// What a node makes of its peer's HTTP answer. Nothing in it is trusted.

#ifndef IMAGESERVER_SERVER_PEER_ANSWER_H_
#define IMAGESERVER_SERVER_PEER_ANSWER_H_

#include "http/client.h"
#include "imageserver/group.h"

namespace imageserver {

// 200: the picture, if the body holds one, which then shares the body's memory. 404, 422 and 504:
// the owner's final word. Everything else, transport failures included: an error that ends in a
// local load, kCancelled excepted.
[[nodiscard]] Peers::Answer peer_answer(const Result<ClientResponse>& response);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_PEER_ANSWER_H_
