#include "formats/version.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace imageserver {
namespace {

// SHA-256 of "abc" (FIPS 180-2, appendix B.1) begins so.
constexpr std::string_view kOfAbc = "ba7816bf8f01cfea414140de5dae2223";

TEST(VersionTest, IsTheBeginningOfTheHash) {
  EXPECT_EQ(version_text(version_of(sha256("abc"))), kOfAbc);
  EXPECT_NE(version_of(sha256("abc")), version_of(sha256("abd")));
}

TEST(VersionTest, TextsAreReadAsTheyWereWritten) {
  const Version abc = version_of(sha256("abc"));
  const Version empty = version_of(sha256(""));
  EXPECT_EQ(versions_text({abc}), kOfAbc);
  EXPECT_EQ(parse_versions(versions_text({abc})), Versions{abc});
  EXPECT_EQ(parse_versions(versions_text({abc, empty})), (Versions{abc, empty}));
}

TEST(VersionTest, NothingElseIsRead) {
  const std::string one(kOfAbc);
  const std::vector<std::string> texts = {"",
                                          one.substr(1),
                                          one + "0",
                                          one + ",",
                                          "," + one,
                                          one + "," + one + "," + one,
                                          one + ", " + one,
                                          "BA7816BF8F01CFEA414140DE5DAE2223",
                                          "ga7816bf8f01cfea414140de5dae2223",
                                          "+a7816bf8f01cfea414140de5dae2223",
                                          one + "," + one.substr(1),
                                          '"' + one + '"'};
  for (const std::string& text : texts) {
    EXPECT_FALSE(parse_versions(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace imageserver
