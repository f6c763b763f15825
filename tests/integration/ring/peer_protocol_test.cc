// What nodes say to each other, spoken by hand: a Go node must be able to take our place.

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "support/vectors.h"

namespace imageserver::testing {
namespace {

struct Value {
  std::string format;
  std::string data;
};

// Reads from the front.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::string take(std::size_t size) {
    std::string taken(rest_.substr(0, size));
    EXPECT_EQ(taken.size(), size) << "too short";
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::uint64_t varint() {
    std::uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      number |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return number;
    }
  }

  std::uint32_t little_endian() {
    std::uint32_t number = 0;
    int shift = 0;
    for (const char byte : take(4)) {
      number |= std::uint32_t{static_cast<unsigned char>(byte)} << shift;
      shift += 8;
    }
    return number;
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

Value decode_answer(std::string_view body) {
  Reader message(body);
  EXPECT_EQ(message.varint(), 0x0aU) << "field 1, bytes";
  const std::string bytes = message.take(message.varint());
  EXPECT_TRUE(message.at_end());
  Reader value(bytes);
  Value decoded;
  decoded.format = value.take(value.little_endian());
  decoded.data = value.take(value.little_endian());
  EXPECT_TRUE(value.at_end());
  return decoded;
}

// The captured context headers, by the request they stand for.
class PeerProtocol : public ::testing::Test {
 protected:
  PeerProtocol() {
    const auto vectors = read_vectors("go-ring.json");
    for (const auto& vector : vectors.at("vectors")) {
      const std::string request = vector.at("request");
      keys_[request] = vector.at("key");
      if (vector.contains("go_context_header")) contexts_[request] = vector["go_context_header"];
    }
  }

  // As a Go node would ask for it.
  [[nodiscard]] Reply ask(const std::string& request) const {
    return ask_for_key(keys_.at(request), request);
  }

  [[nodiscard]] Reply ask_for_key(const std::string& key, const std::string& request) const {
    return ask_with_context(key, contexts_.at(request));
  }

  [[nodiscard]] Reply ask_with_context(const std::string& key, const std::string& context) const {
    return node_.get("/_groupcache/imageserver/" + key,
                     "X-Imageserver-Groupcache-Context: " + context + "\r\n");
  }

  [[nodiscard]] Reply ask_without_context(const std::string& key) const {
    return node_.get("/_groupcache/imageserver/" + key);
  }

  [[nodiscard]] Reply get(std::string_view target) const { return node_.get(target); }

  void expect_counter(std::string_view path, std::uint64_t count) const {
    EXPECT_EQ(node_.counter(path), count) << path;
  }

  void expect_error(const Reply& reply, int status, const std::string& line) const {
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.body, line + "\n");
  }

  std::map<std::string, std::string> keys_;
  std::map<std::string, std::string> contexts_;

 private:
  const Node node_{Flags{"--groupcache-ring=go"}};
};

TEST_F(PeerProtocol, AGoNodesRequestGetsTheValue) {
  const std::string request = "/medium.jpg?height=50";
  const Reply reply = ask(request);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.field("Content-Type"), "application/x-protobuf");
  EXPECT_FALSE(reply.has("X-Imageserver-Frames"));
  const Value value = decode_answer(reply.body);
  EXPECT_EQ(value.format, "jpeg");
  EXPECT_EQ(decode(value.data), (Picture{"jpeg", 63, 50}));
  EXPECT_TRUE(get(request).body == value.data) << "the same picture as a client gets";
  expect_counter("Group/ServerRequests", 1);
  expect_counter("Group/LocalLoads", 1);
  expect_counter("Group/Gets", 2);
}

TEST_F(PeerProtocol, EveryPictureOfTheVectors) {
  for (const auto& [request, format] : std::map<std::string, std::string>{
           {"/medium.jpg?format=png", "png"},
           {"/medium.jpg?format=jpg&quality=50", "jpeg"},
           {"/medium.jpg?width=100&format=gif", "gif"},
           {"/animated.gif?width=50", "gif"},
           {"/medium.jpg?mode=fit", "jpeg"},
           {"/small.jpg?width=100&height=50&mode=fill&resampling=cubic", "jpeg"}}) {
    const Value value = decode_answer(ask(request).body);
    EXPECT_EQ(value.format, format) << request;
    EXPECT_TRUE(value.data == get(request).body) << request;
  }
}

TEST_F(PeerProtocol, WithoutContextOnlyWhatIsCachedIsAnswered) {
  const std::string request = "/medium.jpg?height=50";
  const Reply cold = ask_without_context(keys_.at(request));
  EXPECT_EQ(cold.status, 400);
  expect_counter("Group/Loads", 0);
  const Reply asked = ask(request);
  const Reply cached = ask_without_context(keys_.at(request));
  EXPECT_EQ(cached.status, 200);
  EXPECT_TRUE(cached.body == asked.body);
  expect_counter("Group/ServerRequests", 3);
  expect_counter("Group/LocalLoads", 1);
}

TEST_F(PeerProtocol, AKeyThatIsNotTheParamsKeyLoadsAndStoresNothing) {
  const std::string other = keys_.at("/medium.jpg?width=100");
  for (const std::string& key : {other, std::string(64, '0'), std::string("x"), std::string()}) {
    EXPECT_EQ(ask_for_key(key, "/medium.jpg?height=50").status, 400) << key;
  }
  expect_counter("Group/Loads", 0);
  expect_counter("Group/ServerRequests", 4);
  expect_counter("Caches/Main/Items", 0);
  EXPECT_EQ(ask_without_context(other).status, 400) << "nothing stands under that key";
}

TEST_F(PeerProtocol, ParamsThatNoPictureHasAreRefused) {
  for (const char* request :
       {"/x%2Fy.jpg?width=-1", "/medium.jpg?width=-64", "/medium.jpg?width=9223372036854775807",
        "/nope.jpg?width=2147483648"}) {
    EXPECT_EQ(ask(request).status, 400) << request;
  }
  expect_counter("Group/Loads", 0);
  EXPECT_EQ(ask("/a%20b/c.jpg").status, 404);
}

TEST_F(PeerProtocol, MalformedContextsAreRefused) {
  const std::string key = keys_.at("/medium.jpg?height=50");
  const std::string good = contexts_.at("/medium.jpg?height=50");
  for (const std::string& context :
       {std::string("x"), std::string("!!!!"), good + "AAAA", good.substr(0, good.size() / 2),
        good + "=", std::string(12'000, 'A')}) {
    EXPECT_EQ(ask_with_context(key, context).status, 400) << context.substr(0, 80);
  }
  expect_counter("Group/Loads", 0);
}

TEST_F(PeerProtocol, MalformedPathsAreRefused) {
  expect_error(get("/_groupcache/"), 400, "bad request");
  expect_error(get("/_groupcache/imageserver"), 400, "bad request");
  expect_error(get("/_groupcache/%zz/x"), 400, "bad request");
  expect_error(get("/_groupcache/other/x"), 404, "no such group: other");
  expect_error(get("/_groupcache/a%20b/x"), 404, "no such group: a b");
  expect_error(get("/_groupcache/a%0d%0aX:%20y/x"), 404, "no such group: a??X: y");
  expect_counter("Group/ServerRequests", 0);
  EXPECT_EQ(get("/_groupcache/imageserver/x").status, 400);
  EXPECT_EQ(get("/_groupcache/imageserver%2Fx").status, 400);
  expect_counter("Group/ServerRequests", 2);
}

}  // namespace
}  // namespace imageserver::testing
