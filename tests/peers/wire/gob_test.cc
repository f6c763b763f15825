#include "peers/wire/gob.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "support/vectors.h"

namespace imageserver {
namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string sized(const std::string& bytes) {
  if (bytes.size() < 128) return static_cast<char>(bytes.size()) + bytes;
  const auto high = static_cast<char>(bytes.size() >> 8U);
  const auto low = static_cast<char>(bytes.size() & 255U);
  return std::string("\xfe") + high + low + bytes;
}

// Parts of a stream, to be put together rightly and wrongly.
const std::string kContext =
    from_hex("7f03010107436f6e7465787401ff800001010106506172616d7301ff82000000");
const std::string kMap = from_hex("ff8104010106506172616d7301ff8200010c01100000");
const std::string kParams = "github.com/pierrre/imageserver.Params";

std::string stream_of(const std::string& message) {
  return sized(kContext) + sized(kMap) + sized(message);
}

// A third message with `count` entries.
std::string message_of(int count, const std::string& entries) {
  return from_hex("ff8001") + static_cast<char>(count) + entries + '\0';
}

std::string entry(const std::string& name, const std::string& type, const std::string& id_hex,
                  const std::string& value_hex) {
  return sized(name) + sized(type) + from_hex(id_hex) + sized('\0' + from_hex(value_hex));
}

// A map of `depth` maps within each other, the outermost included.
Params nested(std::size_t depth) {
  Params params;
  if (depth > 1) params.insert("map", nested(depth - 1));
  return params;
}

Params wide(std::size_t entries) {
  Params params;
  for (std::size_t i = 0; i < entries; ++i) params.insert(std::to_string(i), true);
  return params;
}

class Gob : public ::testing::Test {
 protected:
  static std::string text_of(const std::string& stream) {
    const Result<Params> params = decode_gob(stream);
    return params ? params->text() : params.error().message;
  }

  static std::string text_of_entry(const std::string& bytes) {
    return text_of(stream_of(message_of(1, bytes)));
  }

  static void expect_refused(const std::string& stream, const std::string& why) {
    const Result<Params> params = decode_gob(stream);
    ASSERT_TRUE(params.has_error()) << why;
    EXPECT_EQ(params.error().kind, ErrorKind::kBadRequest) << why;
  }

  static void expect_entry_refused(const std::string& bytes, const std::string& why) {
    expect_refused(stream_of(message_of(1, bytes)), why);
  }

  static void expect_round_trip(const Params& params) {
    const Result<Params> decoded = decode_gob(encode_gob(params));
    ASSERT_TRUE(decoded.has_value()) << params.text();
    EXPECT_EQ(*decoded, params);
  }
};

TEST_F(Gob, ReadsWhatGoWrote) {
  const nlohmann::json vectors = testing::read_vectors("gob.json").at("vectors");
  ASSERT_GE(vectors.size(), 50U);
  for (const auto& vector : vectors) {
    const std::string name = vector.at("name");
    EXPECT_EQ(text_of(from_hex(vector.at("gob").get<std::string>())), vector.at("text")) << name;
  }
}

TEST_F(Gob, WritesTheBytesGoWrites) {
  Params resize;
  resize.insert("width", std::int64_t{100});
  Params params;
  params.insert("gift_resize", resize);
  const std::string entries =
      entry("gift_resize", kParams, "ff82", "0105776964746803696e74040300ffc8");
  EXPECT_EQ(encode_gob(params), stream_of(message_of(1, entries)));
  EXPECT_EQ(encode_gob(Params()), stream_of(message_of(0, "")));
}

// Maps of one entry at most have one encoding, but for the nil map and for int64, which we send as
// int.
TEST_F(Gob, WritesEveryVectorOfOneEntryAsGoDoes) {
  const nlohmann::json vectors = testing::read_vectors("gob.json").at("vectors");
  int compared = 0;
  for (const auto& vector : vectors) {
    const std::string name = vector.at("name");
    const std::string stream = from_hex(vector.at("gob").get<std::string>());
    const Params params = decode_gob(stream).value();
    if (params.entries().size() > 1 || name == "no map" || name.starts_with("int64")) continue;
    EXPECT_EQ(encode_gob(params), stream) << name;
    ++compared;
  }
  EXPECT_GE(compared, 40);
}

TEST_F(Gob, EveryTypeComesBack) {
  Params inner;
  inner.insert("text", std::string("a\0b", 3));
  inner.insert("", std::string());
  Params params;
  params.insert("map", inner);
  params.insert("empty", Params());
  params.insert("true", true);
  params.insert("false", false);
  params.insert("float", -1234.5e-200);
  params.insert("long", std::string(5'000, 'x'));
  for (const std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-65},
                                    std::int64_t{-64}, std::int64_t{0}, std::int64_t{63},
                                    std::int64_t{64}, std::numeric_limits<std::int64_t>::max()}) {
    params.insert(std::to_string(number), number);
  }
  expect_round_trip(params);
}

TEST_F(Gob, ANilMapIsAnEmptyOne) {
  EXPECT_EQ(text_of(stream_of(from_hex("ff8000"))), "map[]");
  EXPECT_EQ(text_of(stream_of(message_of(0, ""))), "map[]");
}

TEST_F(Gob, DefinitionsComeInEitherOrderAndUnderAnyNumbers) {
  const std::string value = entry("width", "int", "04", "06");
  EXPECT_EQ(text_of(sized(kMap) + sized(kContext) + sized(message_of(1, value))), "map[width:3]");
  // Context as 66, Params as 1000.
  const std::string context =
      from_hex("ff8303010107436f6e7465787401ff840001010106506172616d7301fe07d0000000");
  const std::string map = from_hex("fe07cf04010106506172616d7301fe07d000010c01100000");
  const std::string message =
      from_hex("ff84010103") + "map" + sized(kParams) + from_hex("fe07d002000000");
  EXPECT_EQ(text_of(sized(context) + sized(map) + sized(message)), "map[map:map[]]");
}

TEST_F(Gob, DefinitionsAreThoseOfOurTypes) {
  const std::string empty = sized(message_of(0, ""));
  expect_refused(sized(kContext) + sized(kContext) + empty, "Context twice");
  expect_refused(sized(kMap) + sized(kMap) + empty, "Params twice");
  expect_refused(sized(kContext) + empty, "no Params");
  expect_refused(empty, "no definitions");
  expect_refused(sized(kContext) + sized(kMap), "no value");
  expect_refused(stream_of(message_of(0, "")) + empty, "two values");
  expect_refused(sized(kContext) + sized(kMap) + sized(kMap) + empty, "three definitions");
  for (std::size_t i = 0; i < kContext.size(); ++i) {
    std::string context = kContext;
    ++context[i];
    expect_refused(sized(context) + sized(kMap) + empty, "Context changed at " + std::to_string(i));
  }
  for (std::size_t i = 0; i < kMap.size(); ++i) {
    std::string map = kMap;
    ++map[i];
    expect_refused(sized(kContext) + sized(map) + empty, "Params changed at " + std::to_string(i));
  }
}

TEST_F(Gob, NumbersOfTypesAreFreeOnesAndDiffer) {
  const std::string low =
      from_hex("7d03010107436f6e74657874017e0001010106506172616d7301ff82000000");
  expect_refused(sized(low) + sized(kMap) + sized(from_hex("7e010000")), "Context as 63");
  const std::string same = from_hex("7f04010106506172616d7301ff8000010c01100000");
  const std::string context =
      from_hex("7f03010107436f6e7465787401ff800001010106506172616d7301ff80000000");
  expect_refused(sized(context) + sized(same) + sized(message_of(0, "")), "both 64");
  expect_refused(sized(from_hex("f8ffffffffffffffff")) + sized(kMap) + sized(message_of(0, "")),
                 "the number that cannot be negated");
}

TEST_F(Gob, EveryTruncationIsRefused) {
  Params params = nested(3);
  params.insert("source", std::string("medium.jpg"));
  const std::string stream = encode_gob(params);
  for (std::size_t size = 0; size < stream.size(); ++size) {
    expect_refused(stream.substr(0, size), "cut at " + std::to_string(size));
  }
}

TEST_F(Gob, BytesLeftOverAreRefused) {
  const std::string message = message_of(1, entry("width", "int", "04", "06"));
  EXPECT_EQ(text_of(stream_of(message)), "map[width:3]");
  expect_refused(stream_of(message) + '\0', "after the stream");
  expect_refused(stream_of(message + '\0'), "after the value");
  expect_entry_refused(entry("width", "int", "04", "0600"), "after an entry's value");
  expect_refused(stream_of(from_hex("ff800000")), "after the nil map");
}

TEST_F(Gob, EveryInnerLengthIsExact) {
  expect_entry_refused(from_hex("0161") + sized("int") + from_hex("04010006"), "short by one");
  expect_entry_refused(from_hex("0161") + sized("int") + from_hex("04030006"), "long by one");
  expect_entry_refused(from_hex("0161") + sized("int") + from_hex("0400"), "nothing");
  expect_entry_refused(entry("a", "string", "0c", "0278"), "string beyond its entry");
  expect_entry_refused(entry("a", "string", "0c", "f8ffffffffffffffff78"), "string of 2^64-1");
}

TEST_F(Gob, ValuesStandBehindAZero) {
  expect_entry_refused(from_hex("0161") + sized("int") + from_hex("04020106"), "one instead");
}

TEST_F(Gob, NumbersAreAsShortAsCanBe) {
  EXPECT_EQ(text_of_entry(entry("a", "int", "04", "ff80")), "map[a:64]");
  for (const char* number : {"ff06", "fe0080", "fe00ff", "f80000000000000080",
                             "f7010000000000000000", "80", "f0", "ff", "fe01"}) {
    expect_entry_refused(entry("a", "int", "04", number), number);
  }
}

TEST_F(Gob, BoolsAreZeroOrOne) {
  EXPECT_EQ(text_of_entry(entry("a", "bool", "02", "00")), "map[a:false]");
  EXPECT_EQ(text_of_entry(entry("a", "bool", "02", "01")), "map[a:true]");
  expect_entry_refused(entry("a", "bool", "02", "02"), "two");
}

TEST_F(Gob, OnlyOurTypesAreTaken) {
  expect_entry_refused(from_hex("016100"), "a nil interface");
  expect_entry_refused(entry("a", "uint", "06", "06"), "uint");
  expect_entry_refused(entry("a", "int32", "04", "06"), "int32");
  expect_entry_refused(entry("a", "[]uint8", "0a", "0178"), "bytes");
  expect_entry_refused(entry("a", "int", "02", "00"), "int under bool's number");
  expect_entry_refused(entry("a", "bool", "04", "00"), "bool under int's number");
  expect_entry_refused(entry("a", kParams, "ff80", "00"), "Params under Context's number");
  expect_entry_refused(entry("a", "imageserver.Params", "ff82", "00"), "another's Params");
}

TEST_F(Gob, ANameIsTakenOnce) {
  const std::string value = entry("a", "int", "04", "06");
  expect_refused(stream_of(message_of(2, value + value)), "twice");
  EXPECT_EQ(text_of(stream_of(message_of(2, value + entry("b", "int64", "04", "06")))),
            "map[a:3 b:3]");
}

TEST_F(Gob, TheCountOfEntriesIsExact) {
  const std::string value = entry("a", "int", "04", "06");
  expect_refused(stream_of(message_of(2, value)), "one missing");
  expect_refused(stream_of(message_of(0, value)), "one too many");
  expect_refused(stream_of(from_hex("ff8001f8ffffffffffffffff00")), "2^64-1");
}

TEST_F(Gob, DepthIsLimited) {
  expect_round_trip(nested(kMaxGobDepth));
  expect_refused(encode_gob(nested(kMaxGobDepth + 1)), "too deep");
}

TEST_F(Gob, EntriesAreLimitedInAllMapsTogether) {
  expect_round_trip(wide(kMaxGobEntries));
  expect_refused(encode_gob(wide(kMaxGobEntries + 1)), "too many");
  Params params = wide(kMaxGobEntries - 11);
  params.insert("ten", wide(10));
  expect_round_trip(params);
  params.insert("ten more", wide(10));
  expect_refused(encode_gob(params), "too many in two maps");
}

TEST_F(Gob, SizeIsLimited) {
  Params params;
  params.insert("source", std::string(kMaxGobBytes - 100, 'x'));
  expect_round_trip(params);
  Params large;
  large.insert("source", std::string(kMaxGobBytes, 'x'));
  expect_refused(encode_gob(large), "too long");
}

}  // namespace
}  // namespace imageserver
