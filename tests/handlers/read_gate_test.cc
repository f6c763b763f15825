#include "handlers/read_gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace imageserver {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kSecret = "the secret of this ring";

// Computed with openssl from the definition.
constexpr std::string_view kToken =
    "5cf1d569e9b61c961e54d532e63912d881fc6be38485acd14d0dcd82f6dd3d09";

// The status and the fields of the answer; empty if the request is let in.
std::string refusal(const ReadGate& gate, std::string_view authorization) {
  const std::array<Field, 1> fields = {{{"authorization", authorization}}};
  const auto response = gate.refusal(Request(Method::kGet, "/stats", fields));
  if (!response) return "";
  return std::to_string(response->status) + "\n" + response->fields + response->prefix +
         std::string(response->body.view());
}

TEST(ReadTokenTest, IsWhatTheDefinitionSays) { EXPECT_EQ(read_token(kSecret), kToken); }

TEST(ReadGateTest, WithoutASecretEverybodyMayRead) {
  const ReadGate gate("");
  EXPECT_EQ(refusal(gate, ""), "");
  EXPECT_EQ(refusal(gate, "Bearer wrong"), "");
}

TEST(ReadGateTest, TheTokensBearerMayRead) {
  const ReadGate gate(kSecret);
  const std::string token(kToken);
  EXPECT_EQ(refusal(gate, "Bearer " + token), "");
  EXPECT_EQ(refusal(gate, "bearer   " + token), "") << "RFC 9110, section 11.1";
}

TEST(ReadGateTest, WhoBringsNoneIsAskedForOne) {
  const ReadGate gate(kSecret);
  for (const std::string& authorization :
       {std::string(), std::string(kToken), "Basic " + std::string(kToken), std::string("Bear")}) {
    const std::string answer = refusal(gate, authorization);
    EXPECT_THAT(answer, HasSubstr("401\n")) << authorization;
    EXPECT_THAT(answer, HasSubstr("WWW-Authenticate: Bearer realm=\"imageserver\"\r\n"));
    EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store\r\n"));
    EXPECT_THAT(answer, HasSubstr("`imageserver token`"));
  }
}

TEST(ReadGateTest, AWrongTokenIsRefused) {
  const ReadGate gate(kSecret);
  const std::string token(kToken);
  for (const std::string& wrong :
       {std::string(), token.substr(1), token + "0", std::string(token.size(), '0'),
        read_token("another secret"), std::string(kSecret), token + " " + token}) {
    const std::string answer = refusal(gate, "Bearer " + wrong);
    EXPECT_THAT(answer, HasSubstr("401\n")) << wrong;
    EXPECT_THAT(answer, HasSubstr("error=\"invalid_token\""));
    EXPECT_THAT(answer, Not(HasSubstr(token))) << "it must not be told";
  }
}

}  // namespace
}  // namespace imageserver
