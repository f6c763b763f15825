#include "source/origin_headers.h"

#include <gtest/gtest.h>

#include <string>

#include "support/temporary_directory.h"

namespace imageserver {
namespace {

std::string fault_of(std::string_view text) {
  const auto headers = parse_origin_headers(text);
  if (headers.has_value()) return {};
  EXPECT_EQ(headers.error().kind, ErrorKind::kInvalidParam);
  return headers.error().message;
}

TEST(OriginHeadersTest, HaveTheLinesOfEachPrefixInOrder) {
  const OriginHeaders headers = parse_origin_headers(
                                    "# tokens\n"
                                    "\n"
                                    "/photos X-Token: a b:c\r\n"
                                    "  / \t Accept:image/*  \n"
                                    "/photos/ Authorization:\tBearer =\xff\n"
                                    "/photos/old X-Token: 1")
                                    .value();
  EXPECT_EQ(headers, (OriginHeaders{{"/", {"Accept: image/*"}},
                                    {"/photos", {"X-Token: a b:c", "Authorization: Bearer =\xff"}},
                                    {"/photos/old", {"X-Token: 1"}}}));
  EXPECT_TRUE(parse_origin_headers("").value().empty());
}

TEST(OriginHeadersTest, WhatIsWrongNamesTheLineAndTheRule) {
  EXPECT_EQ(fault_of("/ A: b\nphotos A: b"),
            "line 2: must begin with the prefix of a source, such as /photos");
  EXPECT_EQ(fault_of("\n#\n/photos"), "line 3: must be PREFIX Name: value");
  EXPECT_EQ(fault_of("/ Name"), "line 1: must be PREFIX Name: value");
  EXPECT_EQ(fault_of("/ A b: c"), "line 1: the name must be a token of HTTP");
  EXPECT_EQ(fault_of("/ Host: c"),
            "line 1: the name must be none that belongs to the connection or to us");
  EXPECT_EQ(fault_of("/ A: b\n/a A: c\n/ a: d"), "line 3: the name is given twice for the prefix");
  EXPECT_EQ(fault_of("/ A: "),
            "line 1: the value must not be empty, and have no control character");
}

TEST(OriginHeadersTest, NothingWrongTellsWhatTheLineHolds) {
  for (const std::string text :
       {"secret", "/ secret", "/ A secret", "/ secret\x01: b", "/ A: secret\x01", "secret A: b",
        "/secret/../x A: b", "/ Host: secret", "/ A: b\n/ A: secret"}) {
    const std::string fault = fault_of(text);
    EXPECT_FALSE(fault.empty()) << text;
    EXPECT_EQ(fault.find("secret"), std::string::npos) << fault;
  }
}

TEST(OriginHeadersTest, APrefixIsThatOfASource) {
  for (const std::string prefix : {"//", "/a//b", "/a/../b", "/.", "a", "/a//"}) {
    EXPECT_NE(fault_of(prefix + " A: b"), "") << prefix;
  }
}

TEST(OriginHeadersTest, AValueHasNoControlCharacter) {
  using std::string_literals::operator""s;
  for (const std::string& value : {"a\0b"s, "a\tb"s, "a\rb"s, "a\x7f"s, "\x1f"s}) {
    EXPECT_NE(fault_of("/ A: " + value), "") << value;
  }
}

TEST(OriginHeadersTest, WhatBelongsToTheConnectionOrToUsIsRefused) {
  for (const std::string name :
       {"Host", "HOST", "Connection", "Content-Length", "Transfer-Encoding", "Accept-Encoding",
        "Range", "If-Range", "If-None-Match", "If-Match", "If-Modified-Since",
        "If-Unmodified-Since", "Expect", "TE", "Trailer", "Upgrade", "Keep-Alive",
        "Proxy-Authorization", "proxy-connection"}) {
    EXPECT_NE(fault_of("/ " + name + ": x"), "") << name;
  }
  for (const std::string name : {"Proxy", "Hosts", "X-Range", "Authorization", "User-Agent"}) {
    EXPECT_EQ(fault_of("/ " + name + ": x"), "") << name;
  }
}

TEST(OriginHeadersTest, AreNoMoreThan64KiB) {
  EXPECT_EQ(fault_of(std::string(kMaxOriginHeaders, '\n')), "");
  EXPECT_EQ(fault_of(std::string(kMaxOriginHeaders + 1, '\n')), "must not be larger than 64 KiB");
}

TEST(OriginHeadersTest, AreReadFromAFile) {
  const testing::TemporaryDirectory directory;
  const auto path = directory.write("headers", "/ A: b\n");
  EXPECT_EQ(read_origin_headers(path).value(), (OriginHeaders{{"/", {"A: b"}}}));
  EXPECT_EQ(read_origin_headers((directory.path() / "none").string()).error(),
            (Error{ErrorKind::kInvalidParam, "cannot be read: No such file or directory"}));
  directory.write("headers", "x");
  EXPECT_TRUE(read_origin_headers(path).has_error());
}

}  // namespace
}  // namespace imageserver
