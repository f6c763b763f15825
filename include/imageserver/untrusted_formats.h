// Formats whose readers are not made for strangers' files.

#ifndef IMAGESERVER_UNTRUSTED_FORMATS_H_
#define IMAGESERVER_UNTRUSTED_FORMATS_H_

namespace imageserver {

// Which of them are read, all the same, each by a process of its own where there are processes
// (in_processes.h). Unless asked for, none is.
struct UntrustedFormats {
  bool svg = false;
  bool pdf = false;
  bool jxl = false;

  friend bool operator==(const UntrustedFormats&, const UntrustedFormats&) = default;
};

}  // namespace imageserver

#endif  // IMAGESERVER_UNTRUSTED_FORMATS_H_
