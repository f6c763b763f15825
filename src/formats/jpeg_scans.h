// Which coefficients the scans of a JPEG tell (ITU-T T.81, annexes B and G). Threads: any.

#ifndef IMAGESERVER_FORMATS_JPEG_SCANS_H_
#define IMAGESERVER_FORMATS_JPEG_SCANS_H_

#include <array>
#include <string_view>
#include <vector>

namespace imageserver {

// Collects what the headers of a file tell. They are added in the order in which the file has them.
class JpegScans {
 public:
  // A segment behind its length. What is malformed tells nothing.
  void add_frame(std::string_view segment);
  void add_scan(std::string_view segment);

  // Whether every coefficient of every component has a scan for its last bit. Whether all of the
  // scan is there is another question.
  [[nodiscard]] bool are_complete() const;

 private:
  static constexpr int kCoefficients = 64;

  struct Component {
    unsigned char name;
    std::array<bool, kCoefficients> is_known;
  };

  void tell(unsigned char name, int first, int last);

  std::vector<Component> components_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_JPEG_SCANS_H_
