#include "transform_cost/measure.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace imageserver::bench {
namespace {

// So long that the clock's grain and one page fault more or less do not count.
constexpr double kLegMilliseconds = 80;

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

double cpu_milliseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
}

double leg(const Contender& contender, int pictures) {
  const double start = cpu_milliseconds();
  for (int i = 0; i < pictures; ++i) contender();
  return (cpu_milliseconds() - start) / pictures;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// The first picture pays for what is set up once.
int pictures_a_leg(const Contender& contender) {
  contender();
  return static_cast<int>(std::clamp(std::ceil(kLegMilliseconds / leg(contender, 1)), 1.0, 1000.0));
}

double mebibytes(const char* field) {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    double kibibytes = 0;
    if (word == field && status >> kibibytes) return kibibytes / 1024;
  }
  throw std::runtime_error("/proc/self/status does not say what is in memory");
}

// The worst moment is from now on the present one.
void forget_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

}  // namespace

Costs compare(const Contender& ours, const Contender& theirs, int rounds) {
  const int our_pictures = pictures_a_leg(ours);
  const int their_pictures = theirs ? pictures_a_leg(theirs) : 0;
  std::vector<double> mine;
  std::vector<double> other;
  std::vector<double> ratios;
  for (int i = 0; i < rounds; ++i) {
    mine.push_back(leg(ours, our_pictures));
    if (!theirs) continue;
    other.push_back(leg(theirs, their_pictures));
    ratios.push_back(mine.back() / other.back());
  }
  if (!theirs) return {.ours = median(mine)};
  return {.ours = median(mine), .theirs = median(other), .ratio = median(ratios)};
}

double peak_above_idle(const Contender& contender) {
  forget_peak();
  const double idle = mebibytes("VmRSS:");
  contender();
  return mebibytes("VmHWM:") - idle;
}

}  // namespace imageserver::bench
