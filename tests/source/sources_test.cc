#include "source/sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/remote_source.h"

namespace imageserver {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

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

// Purges go by them.
class BeginningsTest : public ::testing::Test {
 protected:
  // A place of a server, which has names that are URLs; without a base, one of a directory.
  struct Place {
    std::string prefix;
    std::string base;
  };

  static Sources sources(const std::vector<Place>& places, std::string label = {}) {
    Sources::Places made;
    for (const auto& [prefix, base] : places) {
      if (base.empty()) {
        made.emplace_back(prefix, std::make_unique<NamedSource>(prefix, true));
      } else {
        made.emplace_back(prefix, std::make_unique<UrlSource>(base));
      }
    }
    return Sources(std::move(made), std::move(label));
  }

  // As HttpSource, without a server.
  class UrlSource final : public Source {
   public:
    explicit UrlSource(std::string base) : base_(std::move(base)) {}

    std::optional<std::string> name_of(std::string_view path) const override {
      if (path.empty() || path.starts_with('.')) return std::nullopt;
      return base_ + '/' + std::string(path);
    }
    std::optional<std::string> beginning_of(std::string_view folder) const override {
      return folder.empty() ? base_ : name_of(folder);
    }
    bool blocks() const override { return false; }
    std::size_t fits(std::string_view name) const override {
      return name.starts_with(base_ + '/') ? base_.size() : 0;
    }
    void fetch(FetchRequest /*request*/, std::stop_token /*stop*/, Done done) override {
      done(Error{ErrorKind::kInternal, "nobody fetches here"});
    }

   private:
    const std::string base_;
  };
};

TEST_F(BeginningsTest, TheFolderOfAllHasNone) {
  EXPECT_THAT(sources({{"/", ""}}).canonical_beginnings(""), IsEmpty());
  EXPECT_THAT(sources({{"/", "http://o/img"}}, "/marks/").canonical_beginnings(""), IsEmpty());
}

TEST_F(BeginningsTest, InADirectoryNamesBeginWithTheFolder) {
  const Sources disk = sources({{"/", ""}});
  EXPECT_THAT(disk.canonical_beginnings("a"), ElementsAre("a"));
  EXPECT_THAT(disk.canonical_beginnings("a/b"), ElementsAre("a/b"));
}

TEST_F(BeginningsTest, TheLabelStandsInFront) {
  EXPECT_THAT(sources({{"/", ""}}, "/marks/").canonical_beginnings("a"), ElementsAre("/marks/a"));
}

// What is nowhere, or has no name there, is known by its path.
TEST_F(BeginningsTest, OfAServerNamesBeginWithItsUrlAndThePathOfThoseWithoutAName) {
  const Sources server = sources({{"/photos", "http://o/img"}});
  EXPECT_THAT(server.canonical_beginnings("photos"), ElementsAre("photos", "http://o/img"));
  EXPECT_THAT(server.canonical_beginnings("photos/in"),
              ElementsAre("photos/in", "http://o/img/in"));
  EXPECT_THAT(server.canonical_beginnings("photos/.in"), ElementsAre("photos/.in"));
  EXPECT_THAT(server.canonical_beginnings("photo"), ElementsAre("photo"));
  EXPECT_THAT(server.canonical_beginnings("photos2"), ElementsAre("photos2"));
}

TEST_F(BeginningsTest, AServerMayHaveThePathsOfAllOthers) {
  const Sources server = sources({{"/", "http://o/img"}});
  EXPECT_THAT(server.canonical_beginnings("in"), ElementsAre("in", "http://o/img/in"));
}

TEST_F(BeginningsTest, AllPlacesBelowTheFolderAreMeant) {
  const Sources all = sources({{"/", ""},
                               {"/shop/photos", "http://o/photos"},
                               {"/shop/logos", "http://p"},
                               {"/shops", "http://q"},
                               {"/shop/disk", ""}});
  EXPECT_THAT(all.canonical_beginnings("shop"),
              UnorderedElementsAre("shop", "http://o/photos", "http://p"));
  EXPECT_THAT(all.canonical_beginnings("shop/photos/a"),
              UnorderedElementsAre("shop/photos/a", "http://o/photos/a"));
  EXPECT_THAT(all.canonical_beginnings("shop/disk"), ElementsAre("shop/disk"));
}

// A folder of the outer place may have been seen under its name before the inner place was there.
TEST_F(BeginningsTest, PlacesWithinAPlaceAreMeantBoth) {
  const Sources nested = sources({{"/a", "http://o"}, {"/a/b", "http://p"}});
  EXPECT_THAT(nested.canonical_beginnings("a"), UnorderedElementsAre("a", "http://o", "http://p"));
  EXPECT_THAT(nested.canonical_beginnings("a/b"),
              UnorderedElementsAre("a/b", "http://o/b", "http://p"));
  EXPECT_THAT(nested.canonical_beginnings("a/b/c"),
              UnorderedElementsAre("a/b/c", "http://o/b/c", "http://p/c"));
}

TEST_F(BeginningsTest, EveryNameBelowTheFolderHasOneOfThem) {
  const Sources all = sources({{"/", ""},
                               {"/photos", "http://o/img"},
                               {"/photos/old", ""},
                               {"/photos/new", "http://o/img/private"}},
                              "/marks/");
  for (const std::string folder : {"photos", "photos/old", "photos/new", "photos/new/a", "other"}) {
    const std::vector<std::string> beginnings = all.canonical_beginnings(folder);
    for (const std::string rest :
         {"/x.jpg", "/old/x.jpg", "/new/x.jpg", "/in/.hidden", "/.hidden"}) {
      const std::string name = all.canonical_name(folder + rest);
      EXPECT_TRUE(std::ranges::any_of(beginnings, [&](const auto& beginning) {
        return name.starts_with(beginning + '/');
      })) << name;
    }
  }
}

}  // namespace
}  // namespace imageserver
