#include "handlers/purge_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "support/run_to_end.h"

namespace imageserver {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Says after a moment what the test says.
class TestPurger final : public Purger {
 public:
  Awaitable<Result<PurgeReport>> purge(const PurgeWish& wish) override {
    Timer timer(co_await net::this_coro::executor, milliseconds(1));
    co_await timer.async_wait(use_awaitable);
    wishes.push_back(wish);
    co_return result;
  }

  Result<PurgeReport> result =
      PurgeReport{.id = "x", .done = {"http://a"}, .missed = {}, .note = ""};
  std::vector<PurgeWish> wishes;
};

class PurgeHandlerTest : public ::testing::Test {
 protected:
  // As the server does it.
  Response ask(Method method, std::string_view target, std::string_view body = {}) {
    const Request head(method, target, fields_);
    const std::optional<Admittance> admittance = handler_.admit(head);
    if (!admittance) return text_response(405, "not taken");
    if (const auto* const answer = std::get_if<Response>(&*admittance)) return *answer;
    most_ = std::get<MostBody>(*admittance).bytes;
    const Request request(method, target, fields_, body);
    return end_of(handler_.handle(request));
  }

  Response post(std::string_view body) { return ask(Method::kPost, "/purge", body); }

  Response end_of(Answer answer) {
    if (auto* const ready = std::get_if<Response>(&answer)) return std::move(*ready);
    Response end;
    net::co_spawn(context_, std::move(std::get<Later>(answer).response),
                  [&end](const std::exception_ptr& thrown, Response response) {
                    EXPECT_FALSE(thrown);
                    end = std::move(response);
                  });
    testing::run_to_end(context_);
    return end;
  }

  net::io_context context_;
  std::vector<Field> fields_ = {
      {"Host", "a"}, {"Authorization", "Bearer token"}, {"Content-Type", "application/json"}};
  TestPurger purger_;
  PurgeGate gate_{"token", ""};
  PurgeHandler handler_{purger_, gate_};
  std::size_t most_ = 1;
};

TEST_F(PurgeHandlerTest, PurgesWhatTheBodyNames) {
  const Response response = post(R"({"source":"/a%20b.jpg","soft":true,"id":"x"})");
  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.fields, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(response.fields, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_EQ(response.body.view(),
            "{\"id\":\"x\",\"nodes\":[{\"node\":\"http://a\",\"purged\":true}]}\n");
  EXPECT_EQ(most_, 65536U);
  const PurgeWish wish{
      .kind = PurgeWish::Kind::kSource, .path = "a b.jpg", .is_soft = true, .id = "x"};
  EXPECT_THAT(purger_.wishes, ElementsAre(wish));
}

TEST_F(PurgeHandlerTest, PurgesTheTargetOfAPurgeWithoutItsQuery) {
  fields_.pop_back();
  EXPECT_EQ(ask(Method::kPurge, "/a%20b.jpg?width=100").status, 200U);
  EXPECT_EQ(most_, 0U);
  const PurgeWish wish{
      .kind = PurgeWish::Kind::kSource, .path = "a b.jpg", .is_soft = false, .id = ""};
  EXPECT_THAT(purger_.wishes, ElementsAre(wish));
  EXPECT_EQ(ask(Method::kPurge, "/").status, 404U);
  EXPECT_EQ(ask(Method::kPurge, "/a/../b").status, 404U);
  EXPECT_EQ(ask(Method::kPurge, "/%").status, 400U);
}

TEST_F(PurgeHandlerTest, SaysWhichNodesHaveNotPurged) {
  purger_.result->missed.push_back({.node = "http://b", .reason = "out of time"});
  const Response response = post(R"({"all":true})");
  EXPECT_EQ(response.status, 202U);
  EXPECT_THAT(std::string(response.body.view()), HasSubstr("\"reason\":\"out of time\""));
}

TEST_F(PurgeHandlerTest, AnErrorIsAnsweredAsElsewhere) {
  purger_.result = Error{ErrorKind::kBusy, "too many purges"};
  const Response response = post(R"({"all":true})");
  EXPECT_EQ(response.status, 503U);
  EXPECT_EQ(response.prefix, "too many purges\n");
  EXPECT_THAT(response.fields, HasSubstr("Retry-After: 1\r\n"));
}

TEST_F(PurgeHandlerTest, ABodyThatIsNoWishIsRefused) {
  const Response response = post(R"({"all":true,"x":1})");
  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(response.prefix, "invalid param \"x\": is not known here\n");
  EXPECT_EQ(post("").status, 400U);
  EXPECT_EQ(post(R"({"source":"/../a"})").status, 404U);
  EXPECT_THAT(purger_.wishes, IsEmpty());
}

TEST_F(PurgeHandlerTest, TheBodyMustBeJson) {
  for (const char* type :
       {"Application/JSON", "application/json; charset=utf-8", "application/json ;x"}) {
    fields_.back().value = type;
    EXPECT_EQ(post(R"({"all":true})").status, 200U) << type;
  }
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                           "application/jsonx", "text/plain; application/json", ""}) {
    fields_.back().value = type;
    EXPECT_EQ(post(R"({"all":true})").status, 415U) << type;
  }
  fields_.pop_back();
  EXPECT_EQ(post(R"({"all":true})").status, 415U);
}

TEST_F(PurgeHandlerTest, WhoMayNotPurgeIsToldByTheHeadAlone) {
  most_ = 7;
  fields_[1].value = "Bearer wrong";
  EXPECT_EQ(post(R"({"all":true})").status, 401U);
  EXPECT_EQ(ask(Method::kPurge, "/a").status, 401U);
  fields_[1] = {"Origin", "http://evil.example"};
  EXPECT_EQ(post(R"({"all":true})").status, 403U);
  EXPECT_EQ(most_, 7U) << "no body was asked for";
  EXPECT_THAT(purger_.wishes, IsEmpty());
}

TEST_F(PurgeHandlerTest, WhoIsNotAskedByItsHeadIsAskedAgain) {
  fields_[1].value = "Bearer wrong";
  const Request request(Method::kPost, "/purge", fields_, R"({"all":true})");
  EXPECT_EQ(end_of(handler_.handle(request)).status, 401U);
  EXPECT_THAT(purger_.wishes, IsEmpty());
}

TEST_F(PurgeHandlerTest, OtherMethodsAreNotAllowed) {
  for (const Method method : {Method::kGet, Method::kHead, Method::kOther}) {
    const Response response = ask(method, "/purge");
    EXPECT_EQ(response.status, 405U);
    EXPECT_THAT(response.fields, HasSubstr("Allow: POST\r\n"));
    EXPECT_EQ(end_of(handler_.handle(Request(method, "/purge", fields_))).status, 405U);
  }
}

}  // namespace
}  // namespace imageserver
