#include "peers/signature_gate.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "support/temporary_directory.h"

namespace imageserver {
namespace {

class SecretFileTest : public ::testing::Test {
 protected:
  Result<std::string> read(const std::string& content) {
    const auto path = directory_.path() / "secret";
    std::ofstream(path, std::ios::binary) << content;
    return read_secret(path.string());
  }

 private:
  const testing::TemporaryDirectory directory_;
};

TEST_F(SecretFileTest, TheSecretIsWhatStandsBetweenWhiteSpace) {
  EXPECT_EQ(read("0123456789abcdef").value(), "0123456789abcdef");
  EXPECT_EQ(read(" \t0123456789 abcdef\r\n\n").value(), "0123456789 abcdef");
  EXPECT_EQ(read(std::string(4096, 's') + "\n").value(), std::string(4096, 's'));
}

TEST_F(SecretFileTest, ASecretThatIsTooShortOrTooLongIsRefused) {
  for (const std::string& content :
       {std::string(), std::string("\n"), std::string("0123456789abcde\n"), std::string(4097, 's'),
        std::string(1'000'000, 's')}) {
    const auto secret = read(content);
    ASSERT_TRUE(secret.has_error()) << content.size();
    EXPECT_EQ(secret.error().kind, ErrorKind::kInvalidParam);
  }
}

TEST_F(SecretFileTest, AFileThatIsNotThereIsRefused) {
  EXPECT_TRUE(read_secret("/no/such/file").has_error());
  EXPECT_TRUE(read_secret("/").has_error()) << "nor is a directory one";
}

}  // namespace
}  // namespace imageserver
