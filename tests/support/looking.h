// Those who look at originals, around what a test builds.

#ifndef IMAGESERVER_TESTS_SUPPORT_LOOKING_H_
#define IMAGESERVER_TESTS_SUPPORT_LOOKING_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/io_pool.h"
#include "groupcache/known_originals.h"
#include "server/source_checker.h"
#include "source/sources.h"

namespace imageserver::testing {

// REQUIRES: the sources outlive it.
struct Looking {
  explicit Looking(std::vector<const Sources*> sources, const FreshnessTerms& terms = {})
      : checker(io.at(0), std::move(sources), terms, {}, known,
                [this](const std::string& name, const ImagePtr& original, std::uint64_t /*fence*/) {
                  kept.emplace_back(name, original);
                }) {
    io.start();
  }

  ~Looking() {
    checker.stop();
    io.stop();
  }
  Looking(const Looking&) = delete;
  Looking& operator=(const Looking&) = delete;

  IoPool io{1};
  KnownOriginals known;
  std::vector<std::pair<std::string, ImagePtr>> kept;  // what looks have brought
  SourceChecker checker;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_LOOKING_H_
