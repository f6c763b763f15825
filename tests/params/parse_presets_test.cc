#include "params/parse_presets.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace imageserver {
namespace {

class ParsePresets : public testing::Test {
 protected:
  static Presets presets(std::string_view text) { return parse_presets(text).value(); }

  static void expect_wrong(std::string_view text, const std::string& what) {
    const Result<Presets> result = parse_presets(text);
    ASSERT_TRUE(result.has_error()) << text;
    EXPECT_EQ(result.error(), (Error{ErrorKind::kInvalidParam, what})) << text;
  }

  static std::string lines(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "p" + std::to_string(i) + "=width=1\n";
    return text;
  }
};

TEST_F(ParsePresets, ALineIsANameAndAQuery) {
  const Presets two = presets("thumb=width=100&mode=fit\nA-1_b.c=format=auto");
  ASSERT_NE(two.find("thumb"), nullptr);
  EXPECT_EQ(*two.find("thumb"), "width=100&mode=fit");
  EXPECT_EQ(*two.find("A-1_b.c"), "format=auto");
  EXPECT_EQ(two.find("a-1_b.c"), nullptr);
  EXPECT_EQ(two.find(""), nullptr);
}

TEST_F(ParsePresets, EmptyLinesAndRemarksAreIgnored) {
  const Presets one = presets("\n# a=b\n  \r\n\t a=width=1 \r\n\n#\n");
  EXPECT_EQ(*one.find("a"), "width=1");
  EXPECT_EQ(one.find("# a"), nullptr);
  EXPECT_EQ(presets("").find("a"), nullptr);
}

TEST_F(ParsePresets, APresetMayChangeNothing) { EXPECT_EQ(*presets("plain=").find("plain"), ""); }

TEST_F(ParsePresets, NamesAreChecked) {
  expect_wrong("a=width=1\nthumb", "line 2: must be name=query");
  const std::string rule =
      "line 1: the name must be 1 to 64 letters, digits, -, _ and ., and not begin with .";
  for (const std::string name : {"", ".a", "a b", "a/b", "a%20", "ä", "a:", "a?"}) {
    expect_wrong(name + "=width=1", rule);
  }
  expect_wrong(std::string(65, 'a') + "=width=1", rule);
  EXPECT_NE(presets(std::string(64, 'a') + "=").find(std::string(64, 'a')), nullptr);
  expect_wrong("a=width=1\n\na=width=2", "line 3: the name is given twice");
}

TEST_F(ParsePresets, QueriesAreParsedAndValidated) {
  expect_wrong("a=\nb=width=x",
               "line 2: invalid param \"width\": must be an integer between 0 and 8192");
  expect_wrong("a=width=-1", "line 1: invalid param \"width\": must be greater than or equal to 0");
  expect_wrong("a=width=8000&height=8000",
               "line 1: invalid param \"width\": times height must be less than or equal to "
               "40000000");
  expect_wrong("a=widht=1", "line 1: invalid param \"widht\": is not a known parameter");
  expect_wrong("a=accept=webp", "line 1: invalid param \"accept\": is not a known parameter");
  expect_wrong("a=blur=%zz",
               "line 1: invalid param \"blur\": must hold no semicolon and no broken "
               "percent escape");
  expect_wrong("a=width=1&%77idth=2", "line 1: invalid param \"width\": is given twice");
  expect_wrong("a=width=&width=2", "line 1: invalid param \"width\": is given twice");
}

TEST_F(ParsePresets, AQuestionMarkBeforeTheQueryIsPartOfAName) {
  expect_wrong("a=?width=1", "line 1: invalid param \"?width\": is not a known parameter");
}

TEST_F(ParsePresets, APresetHoldsNoPreset) {
  for (const char* text : {"a=\nb=preset=a", "a=\nb=width=1&preset=", "\na=pres%65t=a"}) {
    expect_wrong(text, "line 2: invalid param \"preset\": must not be in a preset");
  }
}

TEST_F(ParsePresets, ThereAreNotTooMany) {
  EXPECT_NE(presets(lines(1024)).find("p1023"), nullptr);
  expect_wrong(lines(1025), "line 1025: there must be no more than 1024 presets");
}

TEST_F(ParsePresets, AnErrorIsOneLineWhateverTheFileHolds) {
  expect_wrong("a=\x01\xff\"=1", "line 1: invalid param \"???\": is not a known parameter");
}

}  // namespace
}  // namespace imageserver
