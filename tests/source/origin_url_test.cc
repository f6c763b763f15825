#include "source/origin_url.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace imageserver {
namespace {

using Spellings = std::vector<std::pair<std::string, std::string>>;

OriginUrl parsed(std::string_view text) { return parse_origin_url(text).value(); }

std::string text_of(const Result<OriginUrl>& url) {
  return url.has_value() ? url->text() : url.error().message;
}

std::string text_of(const std::optional<OriginUrl>& url) { return url ? url->text() : "none"; }

TEST(OriginUrlTest, HasTheParts) {
  EXPECT_EQ(parsed("https://o.example:8443/a/b.jpg?x=1&y"),
            (OriginUrl{"https", "o.example", 8443, "/a/b.jpg", "x=1&y"}));
  EXPECT_EQ(parsed("http://o.example"), (OriginUrl{"http", "o.example", 80, "/", ""}));
  EXPECT_EQ(parsed("https://[::1]/"), (OriginUrl{"https", "::1", 443, "/", ""}));
}

TEST(OriginUrlTest, TextsOfOneServerAreOne) {
  for (const auto& [text, canonical] : Spellings{
           {"HTTP://O.Example", "http://o.example/"},
           {"http://o.example:80/", "http://o.example/"},
           {"http://o.example:/", "http://o.example/"},
           {"http://o.example:0443/", "http://o.example:443/"},
           {"https://o.example:443", "https://o.example/"},
           {"https://o.example:80", "https://o.example:80/"},
           {"http://o.example?q", "http://o.example/?q"},
           {"http://o.example/?", "http://o.example/"},
           {"http://o.example.", "http://o.example./"},
           {"http://a_b-c.example", "http://a_b-c.example/"},
           {"http://0x7f.1/", "http://127.0.0.1/"},
           {"http://127.1/", "http://127.0.0.1/"},
           {"http://2130706433/", "http://127.0.0.1/"},
           {"http://017700000001/", "http://127.0.0.1/"},
           {"http://[0:0::1]:8080/", "http://[::1]:8080/"},
           {"http://[2A00::0:1]/", "http://[2a00::1]/"},
           {"http://[::FFFF:127.0.0.1]/", "http://[::ffff:127.0.0.1]/"},
           {"http://[::ffff:7f00:1]/", "http://[::ffff:127.0.0.1]/"},
       }) {
    EXPECT_EQ(text_of(parse_origin_url(text)), canonical) << text;
    EXPECT_EQ(text_of(parse_origin_url(canonical)), canonical);
  }
}

TEST(OriginUrlTest, PathAndQueryStayAsTheyWereWritten) {
  for (const std::string text : {"http://o/a%2Fb%2fc+d=e;f@g:h!", "http://o/%41%7e/%zz%",
                                 "http://o//a//b/", "http://o/?a?b/../c", "http://o/\"<>^`{|}'[]",
                                 "http://o/...?%2e%2E", "http://o/.a/b../%2ea/..%2f"}) {
    EXPECT_EQ(text_of(parse_origin_url(text)), text);
  }
  EXPECT_EQ(text_of(parse_origin_url("http://o/\xc3\xbc?\xff")), "http://o/%C3%BC?%FF");
}

TEST(OriginUrlTest, DotSegmentsAreResolved) {
  for (const auto& [path, resolved] : Spellings{{"/a/./b/../c", "/a/c"},
                                                {"/..", "/"},
                                                {"/../../a", "/a"},
                                                {"/.", "/"},
                                                {"/a/.", "/a/"},
                                                {"/a/..", "/"},
                                                {"/a/b/..", "/a/"},
                                                {"/a/%2e%2E/b", "/b"},
                                                {"/a/.%2e/b", "/b"},
                                                {"/a/%2e/b", "/a/b"},
                                                {"/a//../b", "/a/b"},
                                                {"/a/b/c/./../../g", "/a/g"}}) {
    EXPECT_EQ(text_of(parse_origin_url("http://o" + path)), "http://o" + resolved) << path;
  }
}

TEST(OriginUrlTest, IsNothingElse) {
  using std::string_literals::operator""s;
  for (const auto& [text, rule] : Spellings{
           {"", "must begin with http:// or https://"},
           {"http", "must begin with http:// or https://"},
           {"http:", "must begin with http:// or https://"},
           {"http:/o/", "must begin with http:// or https://"},
           {"ftp://o/", "must begin with http:// or https://"},
           {"file:///etc/passwd", "must begin with http:// or https://"},
           {"o.example/a", "must begin with http:// or https://"},
           {"//o/a", "must begin with http:// or https://"},
           {"httpss://o/", "must begin with http:// or https://"},
           {"http://", "must name a host"},
           {"http:///o/", "must name a host"},
           {"http://?q", "must name a host"},
           {"http://:80/", "must be a URL"},
           {"http://u@o/", "must have no user and no password"},
           {"http://@o/", "must have no user and no password"},
           {"http://u:p@o/", "must have no user and no password"},
           {"http://o/#", "must have no fragment"},
           {"http://o#@p/", "must have no fragment"},
           {"http://o:0/", "must have a port between 1 and 65535"},
           {"http://o:65536/", "must be a URL"},
           {"http://o:80:80/", "must be a URL"},
           {"http://o:+80/", "must be a URL"},
           {"http://o:8a/", "must be a URL"},
           {"http://%6f/", "must have a host without % and in ASCII"},
           {"http://\xc3\xbc.example/", "must have a host without % and in ASCII"},
           {"http://[fe80::1%25lo]/", "must have a host without % and in ASCII"},
           {"http://[fe80::1%lo]/", "must have a host without % and in ASCII"},
           {"http://[::1", "must be a URL"},
           {"http://[::1]a/", "must be a URL"},
           {"http://[1.2.3.4]/", "must be a URL"},
           {"http://o|p/", "must name a host"},
           {"http://o*/", "must be a URL"},
           {"http://" + std::string(254, 'a'), "must name a host"},
           {"http://o/a b", "must have no control character, space or backslash"},
           {" http://o/", "must have no control character, space or backslash"},
           {"http://o\\@p/", "must have no control character, space or backslash"},
           {"http://o/\x7f", "must have no control character, space or backslash"},
           {"http://o/\r\nA: b", "must have no control character, space or backslash"},
           {"http://o/\0a"s, "must have no control character, space or backslash"},
           {"http://o/" + std::string(kMaxUrl, 'a'), "must have no more than 8192 bytes"},
       }) {
    const Result<OriginUrl> url = parse_origin_url(text);
    ASSERT_TRUE(url.has_error()) << text;
    EXPECT_EQ(url.error(), (Error{ErrorKind::kInvalidParam, rule})) << text;
  }
}

TEST(OriginUrlTest, TheLimitsAreReached) {
  EXPECT_TRUE(parse_origin_url("http://" + std::string(253, 'a')).has_value());
  EXPECT_TRUE(parse_origin_url("http://o/" + std::string(kMaxUrl - 9, 'a')).has_value());
  EXPECT_TRUE(parse_origin_url("http://o?" + std::string(kMaxUrl - 9, 'a')).has_error())
      << "the slash in front of the query counts";
}

TEST(OriginUrlTest, AServerIsSchemeHostAndPort) {
  const OriginUrl url = parsed("http://o.example/a?b");
  EXPECT_TRUE(url.same_server(parsed("http://O.example:80/c")));
  EXPECT_FALSE(url.same_server(parsed("https://o.example:80/a?b")));
  EXPECT_FALSE(url.same_server(parsed("http://o.example:81/a?b")));
  EXPECT_FALSE(url.same_server(parsed("http://p.example/a?b")));
  EXPECT_FALSE(url.same_server(parsed("http://o.example./a?b")));
}

TEST(BaseUrlTest, HasOneSpelling) {
  for (const auto& [text, canonical] : Spellings{
           {"https://o.example", "https://o.example/"},
           {"https://O.example:443/img", "https://o.example/img/"},
           {"https://o.example/img/", "https://o.example/img/"},
           {"https://o.example/img//", "https://o.example/img//"},
           {"https://o.example/%7eme/%41b+c", "https://o.example/~me/Ab%2Bc/"},
           {"https://o.example/a%2fb", "https://o.example/a%2Fb/"},
           {"https://o.example/\xc3\xbc%c3%bc", "https://o.example/%C3%BC%C3%BC/"},
       }) {
    EXPECT_EQ(text_of(parse_base_url(text)), canonical) << text;
    EXPECT_EQ(text_of(parse_base_url(canonical)), canonical);
  }
}

TEST(BaseUrlTest, IsRefusedWhereItMightBeAnotherPlace) {
  const std::string dots = "must have no segment . or .. and no NUL in its path";
  for (const auto& [text, rule] : Spellings{
           {"https://o/a?b", "must have no query"},
           {"https://o/a?", "must have no query"},
           {"https://o/a#b", "must have no fragment"},
           {"https://o/..", dots},
           {"https://o/a/./b", dots},
           {"https://o/a/%2e%2E/b", dots},
           {"https://o/..%2fb", dots},
           {"https://o/..%5cb", dots},
           {"https://o/a%00", dots},
           {"https://o/a%", "must have two hexadecimal digits behind each % of its path"},
           {"https://o/a%4g", "must have two hexadecimal digits behind each % of its path"},
           {"ftp://o/", "must begin with http:// or https://"},
           {"https://o/" + std::string(kMaxUrl / 2, '+'), "must have no more than 8192 bytes"},
       }) {
    const Result<OriginUrl> url = parse_base_url(text);
    ASSERT_TRUE(url.has_error()) << text;
    EXPECT_EQ(url.error(), (Error{ErrorKind::kInvalidParam, rule})) << text;
  }
}

TEST(BelowTest, EncodesThePathBehindTheBase) {
  const OriginUrl base = parse_base_url("https://o.example/img").value();
  for (const auto& [path, encoded] : Spellings{{"a b.jpg", "a%20b.jpg"},
                                               {"a/b/c.jpg", "a/b/c.jpg"},
                                               {"-._~09azAZ", "-._~09azAZ"},
                                               {"?#%+=;&@:\"", "%3F%23%25%2B%3D%3B%26%40%3A%22"},
                                               {"\xc3\xbc\r\n\xff", "%C3%BC%0D%0A%FF"},
                                               {"a//b/", "a//b/"},
                                               {"/a", "/a"},
                                               {"a\\b", "a%5Cb"},
                                               {"...", "..."},
                                               {".a/b..", ".a/b.."}}) {
    EXPECT_EQ(text_of(below(base, path)), "https://o.example/img/" + encoded) << path;
  }
}

TEST(BelowTest, NothingLeadsOut) {
  using std::string_literals::operator""s;
  const OriginUrl base = parse_base_url("https://o.example/img").value();
  for (const std::string& path :
       {""s, "."s, ".."s, "../a"s, "a/.."s, "a/../b"s, "a/./b"s, "/.."s, "%2e%2e/a"s, ".%2E/a"s,
        "a/%2e"s, "..\\a"s, "a\\..\\b"s, "a/..\\b"s, "a\0b"s, "\0"s}) {
    EXPECT_FALSE(below(base, path)) << path;
  }
}

TEST(BelowTest, IsNoLongerThanAUrl) {
  const OriginUrl base = parse_base_url("http://o").value();
  EXPECT_TRUE(below(base, std::string(kMaxUrl - 9, 'a')));
  EXPECT_FALSE(below(base, std::string(kMaxUrl - 8, 'a')));
  EXPECT_FALSE(below(base, std::string(kMaxUrl / 2, ' ')));
}

// RFC 3986, 5.4, with `http` where it has another scheme.
TEST(ResolveLocationTest, IsThatOfTheRfc) {
  const OriginUrl from = parsed("http://a/b/c/d;p?q");
  for (const auto& [location, url] : Spellings{
           {"http://g", "http://g/"},
           {"https://g:1/x", "https://g:1/x"},
           {"g", "http://a/b/c/g"},
           {"./g", "http://a/b/c/g"},
           {"g/", "http://a/b/c/g/"},
           {"/g", "http://a/g"},
           {"//g", "http://g/"},
           {"//g:81/h?i", "http://g:81/h?i"},
           {"?y", "http://a/b/c/d;p?y"},
           {"?", "http://a/b/c/d;p"},
           {"g?y", "http://a/b/c/g?y"},
           {"#s", "http://a/b/c/d;p?q"},
           {"g#s", "http://a/b/c/g"},
           {"g?y#s", "http://a/b/c/g?y"},
           {";x", "http://a/b/c/;x"},
           {"g;x", "http://a/b/c/g;x"},
           {"g;x?y#s", "http://a/b/c/g;x?y"},
           {"", "http://a/b/c/d;p?q"},
           {".", "http://a/b/c/"},
           {"./", "http://a/b/c/"},
           {"..", "http://a/b/"},
           {"../", "http://a/b/"},
           {"../g", "http://a/b/g"},
           {"../..", "http://a/"},
           {"../../", "http://a/"},
           {"../../g", "http://a/g"},
           {"../../../g", "http://a/g"},
           {"../../../../g", "http://a/g"},
           {"/./g", "http://a/g"},
           {"/../g", "http://a/g"},
           {"g.", "http://a/b/c/g."},
           {".g", "http://a/b/c/.g"},
           {"g..", "http://a/b/c/g.."},
           {"..g", "http://a/b/c/..g"},
           {"./../g", "http://a/b/g"},
           {"./g/.", "http://a/b/c/g/"},
           {"g/./h", "http://a/b/c/g/h"},
           {"g/../h", "http://a/b/c/h"},
           {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
           {"g;x=1/../y", "http://a/b/c/y"},
           {"g?y/./x", "http://a/b/c/g?y/./x"},
           {"g?y/../x", "http://a/b/c/g?y/../x"},
           {"g#s/./x", "http://a/b/c/g"},
           {"g#s/../x", "http://a/b/c/g"},
       }) {
    EXPECT_EQ(text_of(resolve_location(from, location)), url) << location;
  }
}

TEST(ResolveLocationTest, TheServerIsAskedForWhatItNamed) {
  const OriginUrl from = parsed("https://[::1]:8443/a%2Fb/c?d");
  EXPECT_EQ(text_of(resolve_location(from, "e%2ff+g=h;i?j=%2e#k")),
            "https://[::1]:8443/a%2Fb/e%2ff+g=h;i?j=%2e");
  EXPECT_EQ(text_of(resolve_location(from, "%2e%2E/x")), "https://[::1]:8443/x");
  EXPECT_EQ(text_of(resolve_location(from, "/\xc3\xbc")), "https://[::1]:8443/%C3%BC");
  EXPECT_EQ(text_of(resolve_location(from, "//O.example")), "https://o.example/");
}

TEST(ResolveLocationTest, NothingElseIsFollowed) {
  using std::string_literals::operator""s;
  const OriginUrl from = parsed("http://a/b");
  for (const auto& [location, rule] : Spellings{
           {"ftp://o/", "must begin with http:// or https://"},
           {"javascript:a", "must begin with http:// or https://"},
           {"http:g", "must begin with http:// or https://"},
           {"1:2", "must begin with http:// or https://"},
           {"///g", "must name a host"},
           {"//u@g", "must have no user and no password"},
           {"/a b", "must have no control character, space or backslash"},
           {"\\\\g", "must have no control character, space or backslash"},
           {"/\\g", "must have no control character, space or backslash"},
           {"a\0"s, "must have no control character, space or backslash"},
           {std::string(kMaxUrl, 'a'), "must have no more than 8192 bytes"},
       }) {
    const Result<OriginUrl> url = resolve_location(from, location);
    ASSERT_TRUE(url.has_error()) << location;
    EXPECT_EQ(url.error(), (Error{ErrorKind::kOrigin, "the URL of a redirect " + rule}));
  }
  EXPECT_EQ(text_of(resolve_location(from, "c:d/e")),
            "the URL of a redirect must begin with http:// or https://");
  EXPECT_EQ(text_of(resolve_location(from, "./c:d")), "http://a/c:d");
}

}  // namespace
}  // namespace imageserver
