// Replays made-up traffic through the caches, once for each policy, and prints a Markdown table of
// their hit ratios. It comes to the same on every run.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iomanip>
#include <iostream>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "groupcache/cache_pair.h"

namespace imageserver::bench {
namespace {

using Random = std::mt19937_64;
using PictureId = std::uint32_t;

constexpr std::size_t kRequests = 1'500'000;
constexpr std::size_t kWarmUp = kRequests / 3;  // not counted
constexpr std::size_t kPopular = 100'000;       // pictures that Zipf's law speaks of at a time

constexpr double kMedianSize = 13'000;
constexpr double kSizeSigma = 1;  // of the logarithm: two of three are within a factor of e
constexpr std::size_t kLargestSize = std::size_t{8} << 20U;

constexpr std::array kAlphas = {0.7, 0.8, 0.9, 1.0, 1.1};
constexpr std::array kCacheShares = {0.01, 0.05, 0.1};  // of the bytes of all popular pictures

// What happens beside Zipf's law.
struct Habits {
  std::string_view name;
  std::size_t churn_every = 0;  // requests until a new picture takes the rank of another; 0: never
  std::size_t scan_every = 0;   // requests from scan to scan; 0: there are none
  std::size_t scan_length = 0;  // requests; for pictures that nobody asks for again
  std::size_t scan_times = 1;   // how often in a row a scan asks for each
};

constexpr std::array kHabits = {
    Habits{.name = "steady"},
    Habits{.name = "churn", .churn_every = 20},
    Habits{.name = "scans", .scan_every = 100'000, .scan_length = 10'000},
    Habits{.name = "scans, twice", .scan_every = 100'000, .scan_length = 10'000, .scan_times = 2},
    Habits{.name = "churn, scans", .churn_every = 20, .scan_every = 100'000, .scan_length = 10'000},
};

// Ranks from 0, each drawn in proportion to 1 / (rank + 1)^alpha.
class Zipf {
 public:
  explicit Zipf(double alpha) {
    double sum = 0;
    for (std::size_t rank = 0; rank < kPopular; ++rank) {
      sum += std::pow(static_cast<double>(rank + 1), -alpha);
      sums_.push_back(sum);
    }
  }

  std::size_t draw(Random& random) const {
    const double point = std::uniform_real_distribution(0.0, sums_.back())(random);
    const auto rank = std::ranges::upper_bound(sums_, point) - sums_.begin();
    return std::min(static_cast<std::size_t>(rank), kPopular - 1);
  }

 private:
  std::vector<double> sums_;
};

// The pictures asked for, in order. Those from 0 to kPopular - 1 are the ones it begins with, and
// every new one has the next number.
using Trace = std::vector<PictureId>;

// REQUIRES: the habits outlive it.
class TraceMaker {
 public:
  TraceMaker(double alpha, const Habits& habits) : habits_(habits), zipf_(alpha) {
    std::iota(by_rank_.begin(), by_rank_.end(), PictureId{0});
  }

  Trace make() {
    Trace trace;
    trace.reserve(kRequests);
    for (std::size_t turn = 0; turn < kRequests; ++turn) trace.push_back(next(turn));
    return trace;
  }

 private:
  PictureId next(std::size_t turn) {
    if (habits_.scan_every != 0 && turn % habits_.scan_every < habits_.scan_length) {
      return turn % habits_.scan_times == 0 ? newest_++ : newest_ - 1;
    }
    if (habits_.churn_every != 0 && turn % habits_.churn_every == 0) by_rank_[any()] = newest_++;
    return by_rank_[zipf_.draw(random_)];
  }

  // As often among the first ten as among the next ninety.
  std::size_t any() {
    const double most = std::log(static_cast<double>(kPopular));
    const double rank = std::exp(std::uniform_real_distribution(0.0, most)(random_));
    return std::min(static_cast<std::size_t>(rank), kPopular) - 1;
  }

  const Habits& habits_;
  const Zipf zipf_;
  Random random_{1};
  std::vector<PictureId> by_rank_ = std::vector<PictureId>(kPopular);
  PictureId newest_ = kPopular;
};

// Their keys and sizes; one block of memory stands for the data of all.
class Pictures {
 public:
  [[nodiscard]] const std::string& key(PictureId id) const { return keys_[id]; }
  [[nodiscard]] std::size_t size(PictureId id) const { return sizes_[id]; }

  [[nodiscard]] ImagePtr render(PictureId id) const {
    return std::make_shared<const Image>(
        Image{Format::kJpeg, data_.slice(0, sizes_[id]), Frames{}, {}});
  }

  void make_up_to(PictureId last) {
    while (keys_.size() <= last) {
      keys_.push_back(to_hex(sha256(std::to_string(keys_.size()))));
      sizes_.push_back(std::min(static_cast<std::size_t>(size_(random_)), kLargestSize));
    }
  }

  [[nodiscard]] std::uint64_t popular_bytes() const {
    return std::accumulate(sizes_.begin(), sizes_.begin() + kPopular, std::uint64_t{0});
  }

 private:
  const Bytes data_ = Bytes::own(std::string(kLargestSize, 'x'));
  Random random_{2};
  std::lognormal_distribution<double> size_{std::log(kMedianSize), kSizeSigma};
  std::vector<std::string> keys_;
  std::vector<std::size_t> sizes_;
};

// Parts that were found in the cache, of the requests and of the bytes asked for.
struct Ratios {
  double objects = 0;
  double bytes = 0;
};

// As a node does it: looks, and keeps what it had to render.
Ratios replay(const Trace& trace, const Pictures& pictures, std::int64_t limit,
              CachePolicy policy) {
  constexpr Clock::time_point kNow;
  CachePair caches({.limit = limit, .policy = policy});
  Ratios found;
  double bytes = 0;
  for (std::size_t turn = 0; turn < trace.size(); ++turn) {
    const PictureId id = trace[turn];
    const bool hit = caches.get(pictures.key(id), kNow).image != nullptr;
    if (!hit) caches.put(Shelf::kMain, pictures.key(id), pictures.render(id), kNow);
    if (turn < kWarmUp) continue;
    const auto size = static_cast<double>(pictures.size(id));
    bytes += size;
    if (!hit) continue;
    ++found.objects;
    found.bytes += size;
  }
  return {found.objects / static_cast<double>(trace.size() - kWarmUp), found.bytes / bytes};
}

// In how many rows a policy has both ratios higher.
struct Wins {
  int lru = 0;
  int s3fifo = 0;
  int rows = 0;
};

bool is_higher_on_both(const Ratios& a, const Ratios& b) {
  return a.objects > b.objects && a.bytes > b.bytes;
}

std::string_view count_winner(const Ratios& lru, const Ratios& s3fifo, Wins& wins) {
  ++wins.rows;
  if (is_higher_on_both(s3fifo, lru)) {
    ++wins.s3fifo;
    return "s3fifo";
  }
  if (is_higher_on_both(lru, s3fifo)) {
    ++wins.lru;
    return "lru";
  }
  return "neither";
}

void print_rows(double alpha, const Habits& habits, Pictures& pictures, Wins& wins) {
  const Trace trace = TraceMaker(alpha, habits).make();
  pictures.make_up_to(std::max<PictureId>(std::ranges::max(trace), kPopular));
  for (const double share : kCacheShares) {
    const double bytes = share * static_cast<double>(pictures.popular_bytes());
    const auto limit = static_cast<std::int64_t>(bytes);
    const Ratios lru = replay(trace, pictures, limit, CachePolicy::kLru);
    const Ratios s3fifo = replay(trace, pictures, limit, CachePolicy::kS3Fifo);
    std::cout << "| " << std::setprecision(1) << alpha << " | " << habits.name << " | "
              << std::setprecision(0) << 100 * share << " % | " << std::setprecision(2)
              << 100 * lru.objects << " | " << 100 * s3fifo.objects << " | " << 100 * lru.bytes
              << " | " << 100 * s3fifo.bytes << " | " << count_winner(lru, s3fifo, wins) << " |\n"
              << std::flush;
  }
}

void print_table() {
  Pictures pictures;
  Wins wins;
  std::cout << std::fixed
            << "| Zipf's alpha | beside it | cache | objects: lru, % | s3fifo, % | bytes: lru, % | "
               "s3fifo, % | higher on both |\n"
               "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
  for (const double alpha : kAlphas) {
    for (const Habits& habits : kHabits) print_rows(alpha, habits, pictures, wins);
  }
  std::cout << "\nHigher on both ratios: s3fifo in " << wins.s3fifo << " of " << wins.rows
            << " rows, lru in " << wins.lru << ".\n";
}

}  // namespace
}  // namespace imageserver::bench

int main() { imageserver::bench::print_table(); }
