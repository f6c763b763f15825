#include "source/sources.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/remote_source.h"

namespace imageserver {
namespace {

// Of a server: its names are `PREFIX: path`, and none begins with a dot.
class NamedSource final : public Source {
 public:
  NamedSource(std::string prefix, bool blocks) : prefix_(std::move(prefix)), blocks_(blocks) {}

  std::optional<std::string> name_of(std::string_view path) const override {
    if (path.starts_with('.')) return std::nullopt;
    return prefix_ + ": " + std::string(path);
  }

  bool blocks() const override { return blocks_; }

  std::size_t fits(std::string_view name) const override {
    return !blocks_ && name.starts_with(prefix_ + ": ") ? prefix_.size() : 0;
  }

  void fetch(FetchRequest /*request*/, std::stop_token /*stop*/, Done done) override {
    done(Error{ErrorKind::kInternal, "nobody fetches here"});
  }

 private:
  const std::string prefix_;
  const bool blocks_;
};

// Of these prefixes, of servers; those of directories end with a `=`.
Sources sources_at(const std::vector<std::string>& prefixes) {
  Sources::Places places;
  for (std::string prefix : prefixes) {
    const bool blocks = prefix.ends_with('=');
    if (blocks) prefix.pop_back();
    places.emplace_back(prefix, std::make_unique<NamedSource>(prefix, blocks));
  }
  return Sources(std::move(places));
}

std::string name_at(const Sources& sources, std::string_view path) {
  const auto located = sources.locate(path);
  return located ? located->name : "nowhere";
}

TEST(SourcesTest, APlaceHasWhatStandsBehindItsPrefix) {
  const Sources sources = sources_at({"/", "/photos", "/photos/old"});
  EXPECT_EQ(name_at(sources, "folder/a.jpg"), "/: folder/a.jpg");
  EXPECT_EQ(name_at(sources, "photos/a.jpg"), "/photos: a.jpg");
  EXPECT_EQ(name_at(sources, "photos/old/a.jpg"), "/photos/old: a.jpg");
  EXPECT_EQ(name_at(sources, "photos-old/a.jpg"), "/: photos-old/a.jpg");
}

TEST(SourcesTest, ThePlaceThatWasFoundIsThatOfTheName) {
  const Sources sources = sources_at({"/", "/photos"});
  EXPECT_GT(sources.locate("photos/a.jpg")->source->fits("/photos: a.jpg"), 0U);
  EXPECT_GT(sources.locate("a.jpg")->source->fits("/: a.jpg"), 0U);
}

TEST(SourcesTest, APathWithoutAPrefixThatFitsOrANameIsNowhere) {
  EXPECT_EQ(sources_at({"/photos"}).locate("a.jpg"), std::nullopt);
  EXPECT_EQ(sources_at({"/"}).locate(".hidden"), std::nullopt);
}

TEST(SourcesTest, TheRingKnowsAnOriginalOfAServerByItsName) {
  const Sources sources = sources_at({"/=", "/photos"});
  EXPECT_EQ(sources.canonical_name("photos/a.jpg"), "/photos: a.jpg");
  EXPECT_EQ(sources.canonical_name("a.jpg"), "a.jpg") << "it lies in a directory";
}

TEST(SourcesTest, WhatIsNowhereIsKnownByItsPath) {
  EXPECT_EQ(sources_at({"/photos"}).canonical_name("a.jpg"), "a.jpg");
  EXPECT_EQ(sources_at({"/"}).canonical_name(".hidden"), ".hidden");
}

TEST(SourcesTest, ANameLeadsToThePlaceThatHasIt) {
  const Sources sources = sources_at({"/", "/photos", "/disk="});
  const auto located = sources.locate_name("/photos: a.jpg");
  ASSERT_TRUE(located);
  EXPECT_EQ(located->name, "/photos: a.jpg");
  EXPECT_EQ(located->source, sources.locate("photos/x")->source);
  EXPECT_EQ(sources.locate_name("/disk: a.jpg"), std::nullopt) << "directories are not shared";
  EXPECT_EQ(sources.locate_name("/other: a.jpg"), std::nullopt);
  EXPECT_EQ(sources.locate_name(""), std::nullopt);
}

// Its header fields may be others than those of what stands above it.
TEST(SourcesTest, OfSeveralPlacesTheOneThatFitsMostHasTheName) {
  Sources::Places places;
  for (const auto& [prefix, base] : {std::pair("/a", "https://o.example/img/"),
                                     std::pair("/b", "https://o.example/img/private/")}) {
    places.emplace_back(prefix, std::make_unique<testing::RemoteSource>(base));
  }
  const Sources sources(std::move(places));
  EXPECT_EQ(sources.locate_name("https://o.example/img/private/x.jpg")->source,
            sources.locate("b/x.jpg")->source);
  EXPECT_EQ(sources.locate_name("https://o.example/img/x.jpg")->source,
            sources.locate("a/x.jpg")->source);
}

// What lies in a directory has its path as its name, and the label in front.
TEST(LabelledSourcesTest, AreFoundByTheirOwnNamesAlone) {
  const auto sources = [](const std::string& label) {
    Sources::Places places;
    places.emplace_back("/", std::make_unique<NamedSource>("/", true));
    return Sources(std::move(places), label);
  };
  const Sources pictures = sources("");
  const Sources marks = sources("/marks/");
  EXPECT_EQ(pictures.canonical_name("a.jpg"), "a.jpg");
  EXPECT_EQ(marks.canonical_name("a.jpg"), "/marks/a.jpg");
  EXPECT_EQ(pictures.locate_canonical("a.jpg")->name, "/: a.jpg");
  EXPECT_EQ(marks.locate_canonical("/marks/a.jpg")->name, "/: a.jpg");
  EXPECT_FALSE(pictures.locate_canonical("/marks/a.jpg").has_value());
  EXPECT_FALSE(marks.locate_canonical("a.jpg").has_value());
  EXPECT_FALSE(marks.locate_canonical("/other/a.jpg").has_value());
}

}  // namespace
}  // namespace imageserver
