#include "source/ca_file.h"

#include <gtest/gtest.h>

#include <string>

#include "support/temporary_directory.h"

namespace imageserver {
namespace {

// Made by `openssl req -x509`, of an authority that nobody needs.
constexpr const char* kCertificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBejCCAR+gAwIBAgIUS1s42jfTpDTsxjaIvcSrsxfQ44kwCgYIKoZIzj0EAwIw\n"
    "ETEPMA0GA1UEAwwGYSB0ZXN0MCAXDTI2MTEzMDE0MjQ1OVoYDzIxMjYxMTA2MTQy\n"
    "NDU5WjARMQ8wDQYDVQQDDAZhIHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\n"
    "AAR8Mu98/gV4k9Qox7KhbvC3z/1VpdPT5ytyGg4Zrl+ktAC065EOZ3dFONcacjkv\n"
    "RH2JYT5CjqcEPBGylNFBHy+to1MwUTAdBgNVHQ4EFgQUgXVw0NIZXsiYHFfwO0mn\n"
    "eLc5qLswHwYDVR0jBBgwFoAUgXVw0NIZXsiYHFfwO0mneLc5qLswDwYDVR0TAQH/\n"
    "BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAgBXmB1Wbmy/J0Wl+0I/6F2tGNnWx\n"
    "8VeSZw4dPheZtHQCIQC6me5wRRyKnMXUOatCH0k/xj6ZfwtjXtLxX8pJqscM2Q==\n"
    "-----END CERTIFICATE-----\n";

class CaFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::optional<Error> check(const std::string& content) const {
    return check_ca_file(directory_.write("ca.pem", content));
  }

  const testing::TemporaryDirectory directory_;
};

TEST_F(CaFileTest, OneCertificateIsEnough) {
  EXPECT_EQ(check(kCertificate), std::nullopt);
  EXPECT_EQ(check("An authority of our own\n" + std::string(kCertificate) + "and words behind it"),
            std::nullopt);
}

TEST_F(CaFileTest, WithoutOneNoServerCouldBeAsked) {
  const std::string cut_off = std::string(kCertificate).substr(0, 200);
  for (const std::string& content : {std::string(), std::string("junk"), cut_off}) {
    EXPECT_EQ(check(content), (Error{ErrorKind::kInvalidParam, "holds no certificate in PEM"}));
  }
}

TEST_F(CaFileTest, AFileThatIsNotThereIsAnError) {
  EXPECT_TRUE(check_ca_file((directory_.path() / "none.pem").string()));
}

}  // namespace
}  // namespace imageserver
