#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "params/parameter_table.h"
#include "params/params.h"
#include "params/parse_presets.h"
#include "params/parse_target.h"
#include "params/presets.h"
#include "support/vectors.h"

namespace imageserver {
namespace {

// The text of the params, or the message of the error.
std::string parsed(std::string_view target, const TargetRules& rules = {}) {
  const Result<Params> params = parse_target(target, rules);
  return params ? params->text() : params.error().message;
}

ErrorKind failure(std::string_view target) {
  const Result<Params> params = parse_target(target);
  return params ? ErrorKind::kInternal : params.error().kind;
}

TEST(ParseTarget, AgreesWithEveryVectorOfTheGoProgram) {
  const nlohmann::json vectors = testing::read_vectors("go-ring.json").at("vectors");
  ASSERT_GE(vectors.size(), 31U);
  for (const auto& vector : vectors) {
    const std::string request = vector.at("request");
    SCOPED_TRACE(request);
    const Result<Params> params = parse_target(request);
    ASSERT_TRUE(params.has_value());
    EXPECT_EQ(params->text(), vector.at("params"));
    EXPECT_EQ(params->key(), vector.at("key"));
    EXPECT_EQ(crc32_ieee(params->key()), vector.at("key_crc32"));
  }
}

TEST(ParseTarget, AgreesWithEveryVectorOfTheAdvancedGoProgram) {
  const nlohmann::json vectors = testing::read_vectors("go-advanced.json").at("vectors");
  ASSERT_GE(vectors.size(), 90U);
  for (const auto& vector : vectors) {
    const std::string request = vector.at("request");
    SCOPED_TRACE(request);
    const Result<Params> params = parse_target(request);
    ASSERT_TRUE(params.has_value()) << params.error().message;
    EXPECT_EQ(params->text(), vector.at("params"));
    EXPECT_EQ(params->key(), vector.at("key"));
  }
}

TEST(ParseTarget, ThePathWithoutItsFirstSlashIsTheSource) {
  EXPECT_EQ(parsed("/a/b.jpg"), "map[source:a/b.jpg]");
  EXPECT_EQ(parsed("/"), "map[source:]");
  EXPECT_EQ(parsed("//a"), "map[source:/a]");
  EXPECT_EQ(parsed("/a#b"), "map[source:a#b]");
}

TEST(ParseTarget, ThePathIsDecodedOnceAndKeepsItsPluses) {
  EXPECT_EQ(parsed("/a%20b%2520+c%2fd%3Fe"), "map[source:a b%20+c/d?e]");
}

TEST(ParseTarget, ABrokenPathIsABadRequest) {
  for (const char* target :
       {"", "a", "*", "?width=1", "%2Fa", "/%", "/%1", "/%g0", "/%0g", "/a%%20"}) {
    EXPECT_EQ(failure(target), ErrorKind::kBadRequest) << target;
  }
}

TEST(ParseTarget, TheQueryIsDecodedAndItsPlusesAreSpaces) {
  EXPECT_EQ(parsed("/a?mode=f+i%74&%77idth=%35"),
            "map[gift_resize:map[mode:f it width:5] source:a]");
}

TEST(ParseTarget, APairWithASemicolonOrABrokenEscapeIsDropped) {
  EXPECT_EQ(parsed("/a?width=1;height=2&height=3"), "map[gift_resize:map[height:3] source:a]");
  EXPECT_EQ(parsed("/a?width=%zz&width=7&mode%=x&mode=%"),
            "map[gift_resize:map[width:7] source:a]");
}

TEST(ParseTarget, OfARepeatedNameTheFirstCountsEvenIfEmpty) {
  EXPECT_EQ(parsed("/a?mode=&mode=fit&quality=1&quality=2"), "map[quality:1 source:a]");
}

TEST(ParseTarget, OddQueriesAreReadAsGoReadsThem) {
  EXPECT_EQ(parsed("/a?"), "map[source:a]");
  EXPECT_EQ(parsed("/a?&&=&=x&width"), "map[source:a]");
  EXPECT_EQ(parsed("/a?mode=a=b?c"), "map[gift_resize:map[mode:a=b?c] source:a]");
  EXPECT_EQ(parsed("/a?source=b&gift_resize=c&gift_rotate=d&min_x=1&accept=webp"), "map[source:a]");
}

TEST(ParseTarget, EveryParameterHasItsPlace) {
  EXPECT_EQ(
      parsed("/s?width=1&height=2&mode=m&resampling=r&format=f&quality=3"),
      "map[format:f gift_resize:map[height:2 mode:m resampling:r width:1] quality:3 source:s]");
  EXPECT_EQ(parsed("/s?rotation=1.5&background=b&interpolation=i"),
            "map[gift_rotate:map[background:b interpolation:i rotation:1.5] source:s]");
  EXPECT_EQ(parsed("/s?enlarge=0&gravity=g&dpr=2&trim=10&flip=f&orient=0&page=1&frames=2"
                   "&gamma_correction=1"),
            "map[dpr:2 enlarge:false flip:f frames:2 gamma_correction:true gravity:g orient:false "
            "page:1 trim:10 source:s]");
  EXPECT_EQ(parsed("/s?blur=.5&sharpen=1.5&pixelate=3&grayscale=1&brightness=-1&contrast=2"
                   "&saturation=3&tint=t&radius=4"),
            "map[blur:0.5 brightness:-1 contrast:2 grayscale:true pixelate:3 radius:4 saturation:3 "
            "sharpen:1.5 tint:t source:s]");
  EXPECT_EQ(
      parsed("/s?watermark=w&watermark_gravity=g&watermark_opacity=.5&watermark_scale=0"),
      "map[watermark:w watermark_gravity:g watermark_opacity:0.5 watermark_scale:0 source:s]");
  EXPECT_EQ(parsed("/s?max_bytes=1&colors=2&lossless=1&progressive=0&strip=1"),
            "map[colors:2 lossless:true max_bytes:1 progressive:false strip:true source:s]");
}

TEST(ParseTarget, CropIsFourIntegersAndNothingElse) {
  EXPECT_EQ(parsed("/a?crop=-1,2%7C3,4"),
            "map[crop:map[max_x:3 max_y:4 min_x:-1 min_y:2] source:a]");
  for (const char* text : {"1", "1,2", "1,2|3", "1,2|3,", ",2|3,4", "1,2,3,4", "1,2|3,4|5",
                           "1,2|3,4,5", "1,2,3|4,5", "1.5,2|3,4", "x,2|3,4", "1,2|3,4x",
                           "%201,2|3,4", "1,2|3,4%20", "|", ",|,", "1,2|3,9223372036854775808"}) {
    const std::string target = std::string("/a?crop=") + text;
    EXPECT_EQ(
        parsed(target),
        "invalid param \"crop\": must be min_x,min_y|max_x,max_y: integers of 32 bits, with each "
        "maximum above its minimum")
        << text;
    EXPECT_EQ(failure(target), ErrorKind::kInvalidParam) << text;
  }
}

TEST(ParseTarget, FormatsHaveOtherNames) {
  EXPECT_EQ(parsed("/a?format=jpg"), "map[format:jpeg source:a]");
  EXPECT_EQ(parsed("/a?format=tif"), "map[format:tiff source:a]");
  EXPECT_EQ(parsed("/a?format=JPG"), "map[format:JPG source:a]");
  EXPECT_EQ(parsed("/a?format=auto"), "map[format:auto source:a]");
}

TEST(ParseTarget, QualityIsANumberOrAuto) {
  EXPECT_EQ(parsed("/a?quality=auto"), "map[quality:auto source:a]");
  for (const char* text : {"Auto", "auto1", "1.5", "x"}) {
    EXPECT_EQ(parsed(std::string("/a?quality=") + text),
              "invalid param \"quality\": must be between 1 and 100, or auto")
        << text;
  }
}

TEST(ParseTarget, DecimalsAreReadAsByParseFloatButFinite) {
  EXPECT_EQ(parsed("/a?blur=%2B1.50"), "map[blur:1.5 source:a]");
  EXPECT_EQ(parsed("/a?blur=-1e-3"), "map[blur:-0.001 source:a]");
  for (const char* text :
       {"x", ".", "-", "1,5", "1e", "0x1p4", "1_0", "inf", "-inf", "%2BInf", "infinity", "nan",
        "NaN", "1e309", "-1e309", "--1", "%2B-1", "+1", "1f"}) {
    const std::string target = std::string("/a?blur=") + text;
    EXPECT_EQ(parsed(target), "invalid param \"blur\": must be a decimal number between 0 and 100")
        << text;
  }
}

TEST(ParseTarget, TruthIsReadAsByParseBool) {
  for (const char* text : {"1", "t", "T", "TRUE", "true", "True"}) {
    EXPECT_EQ(parsed(std::string("/a?strip=") + text), "map[strip:true source:a]");
  }
  for (const char* text : {"0", "f", "F", "FALSE", "false", "False"}) {
    EXPECT_EQ(parsed(std::string("/a?strip=") + text), "map[strip:false source:a]");
  }
  for (const char* text : {"tRUE", "yes", "on", "2", "-1", "00"}) {
    EXPECT_EQ(parsed(std::string("/a?strip=") + text),
              "invalid param \"strip\": must be true or false, or 1 or 0")
        << text;
  }
}

TEST(ParseTarget, AnEmptyValueOfAnyParameterIsLeftOut) {
  for (const Parameter& parameter : parameters()) {
    EXPECT_EQ(parsed("/a?" + std::string(parameter.name) + "="), "map[source:a]") << parameter.name;
  }
}

TEST(ParseTarget, TheSourceStandsLastInTheTextAsNothingEscapesIt) {
  EXPECT_NE(parse_target("/a?strip=1")->key(), parse_target("/a%20strip:true")->key());
  EXPECT_EQ(parsed("/a%20strip:true?trim=1"), "map[trim:1 source:a strip:true]");
}

TEST(ParseTarget, NumbersAreReadAsByAtoi) {
  EXPECT_EQ(parsed("/a?width=%2B7"), "map[gift_resize:map[width:7] source:a]");
  EXPECT_EQ(parsed("/a?width=-007"), "map[gift_resize:map[width:-7] source:a]");
  EXPECT_EQ(parsed("/a?width=-9223372036854775808"),
            "map[gift_resize:map[width:-9223372036854775808] source:a]");
}

TEST(ParseTarget, WhatIsNoNumberIsNamed) {
  for (const char* text :
       {"abc", "1.0", "1e3", "0x10", "+", "-", "%2B", "%2B-1", "-%2B1", "--1", "1+", "+1", "1_000",
        "9223372036854775808", "-9223372036854775809", "1%00"}) {
    const std::string target = std::string("/a?width=") + text;
    EXPECT_EQ(parsed(target), "invalid param \"width\": must be an integer between 0 and 8192")
        << text;
    EXPECT_EQ(failure(target), ErrorKind::kInvalidParam) << text;
  }
  EXPECT_EQ(parsed("/a?height=x"),
            "invalid param \"height\": must be an integer between 0 and 8192");
}

TEST(ParseTarget, OfSeveralErrorsTheFirstInTheQueryIsNamed) {
  EXPECT_EQ(parsed("/a?quality=x&blur=x"),
            "invalid param \"quality\": must be between 1 and 100, or auto");
  EXPECT_EQ(parsed("/a?blur=x&quality=x"),
            "invalid param \"blur\": must be a decimal number between 0 and 100");
}

TEST(StrictRules, UnknownParametersAreRefused) {
  const TargetRules strict{nullptr, false, true};
  EXPECT_EQ(parsed("/a?width=1&crop=&&", strict), "map[gift_resize:map[width:1] source:a]");
  for (const std::string name : {"Width", "w", "source", "gift_resize", "accept", "min_x", ""}) {
    EXPECT_EQ(parsed("/a?" + name + "=1", strict),
              "invalid param \"" + name + "\": is not a known parameter");
    EXPECT_EQ(parsed("/a?" + name + "=1"), "map[source:a]");
  }
}

TEST(StrictRules, WhatCannotBeReadIsRefused) {
  const TargetRules strict{nullptr, false, true};
  for (const char* query : {"width=%zz", "width=1;height=2", "width=1&width=%"}) {
    EXPECT_EQ(parsed(std::string("/a?") + query, strict),
              "invalid param \"width\": must hold no semicolon and no broken percent escape")
        << query;
  }
}

class PresetRules : public ::testing::Test {
 protected:
  static TargetRules rules() {
    TargetRules rules;
    rules.presets = std::make_shared<const Presets>(
        parse_presets("thumb=width=100&height=50&mode=fill\n"
                      "plain=\n"
                      "print=%66ormat=tif&crop=1,1|5,5&quality=auto")
            .value());
    return rules;
  }

  static TargetRules presets_only() {
    TargetRules only = rules();
    only.presets_only = true;
    return only;
  }
};

TEST_F(PresetRules, APresetStandsForItsQuery) {
  EXPECT_EQ(parsed("/a?preset=thumb", rules()), parsed("/a?width=100&height=50&mode=fill"));
  EXPECT_EQ(parsed("/a?preset=%70rint", rules()),
            parsed("/a?format=tiff&crop=1,1|5,5&quality=auto"));
  EXPECT_EQ(parsed("/a?preset=plain", rules()), "map[source:a]");
  EXPECT_EQ(parse_target("/a?preset=thumb", rules())->key(),
            parse_target("/a?mode=fill&height=50&width=100")->key());
}

TEST_F(PresetRules, WhatTheRequestSaysItselfWins) {
  for (const char* query : {"preset=thumb&width=7", "width=7&preset=thumb"}) {
    EXPECT_EQ(parsed(std::string("/a?") + query, rules()),
              "map[gift_resize:map[height:50 mode:fill width:7] source:a]");
  }
  EXPECT_EQ(parsed("/a?preset=thumb&mode=&blur=2", rules()),
            "map[blur:2 gift_resize:map[height:50 width:100] source:a]")
      << "an empty value is the first of its name, too";
  EXPECT_EQ(parsed("/a?preset=print&crop=2,2|3,3", rules()),
            parsed("/a?crop=2,2|3,3&format=tiff&quality=auto"));
}

TEST_F(PresetRules, OnlyTheFirstPresetCounts) {
  EXPECT_EQ(parsed("/a?preset=thumb&preset=print", rules()), parsed("/a?preset=thumb", rules()));
  EXPECT_EQ(parsed("/a?preset=&preset=thumb", rules()), "map[source:a]");
}

TEST_F(PresetRules, AnUnknownPresetIsNamedWithoutAList) {
  const std::string unknown = "invalid param \"preset\": must be the name of a preset";
  EXPECT_EQ(parsed("/a?preset=Thumb", rules()), unknown);
  EXPECT_EQ(parsed("/a?preset=thumb%00", rules()), unknown);
  EXPECT_EQ(parsed("/a?preset=thumb"),
            "invalid param \"preset\": this server has no presets (--presets)");
}

TEST_F(PresetRules, WherePresetsAreAllThatIsTakenTheRestIsRefused) {
  EXPECT_EQ(parsed("/a?preset=thumb", presets_only()), parsed("/a?preset=thumb", rules()));
  for (const Parameter& parameter : parameters()) {
    if (parameter.kind == Kind::kPreset) continue;
    EXPECT_EQ(
        parsed("/a?preset=thumb&" + std::string(parameter.name) + "=1", presets_only()),
        "invalid param \"" + std::string(parameter.name) + "\": is not taken here, only preset is");
  }
}

TEST_F(PresetRules, WherePresetsAreAllThatIsTakenOneMustBeGiven) {
  for (const char* target : {"/a", "/a?", "/a?preset=", "/a?unknown=1", "/a?preset"}) {
    EXPECT_EQ(parsed(target, presets_only()), "invalid param \"preset\": must be given") << target;
  }
}

TEST_F(PresetRules, WherePresetsAreAllThatIsTakenUnknownNamesAreIgnoredUnlessStrict) {
  EXPECT_EQ(parsed("/a?preset=thumb&utm=1", presets_only()), parsed("/a?preset=thumb", rules()));
  TargetRules strict = presets_only();
  strict.strict = true;
  EXPECT_EQ(parsed("/a?preset=thumb&utm=1", strict),
            "invalid param \"utm\": is not a known parameter");
}

}  // namespace
}  // namespace imageserver
