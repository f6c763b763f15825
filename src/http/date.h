// Dates as header fields have them (RFC 9110, 5.6.7). Threads: any.

#ifndef IMAGESERVER_HTTP_DATE_H_
#define IMAGESERVER_HTTP_DATE_H_

#include <ctime>
#include <optional>
#include <string_view>

namespace imageserver {

// Now, as `Sun, 06 Nov 1994 08:49:37 GMT`. Formatted at most once a second on each thread.
// The view is valid until the thread's next call.
[[nodiscard]] std::string_view http_date();

// The same of any moment.
[[nodiscard]] std::string_view http_date(std::time_t moment);

// The moment that all of `text` names in one of the three forms that recipients must read, which
// are
// - `Sun, 06 Nov 1994 08:49:37 GMT`,
// - `Sunday, 06-Nov-94 08:49:37 GMT`, the latest year with these two digits that puts the moment no
//   more than 50 years after `now`, and
// - `Sun Nov  6 08:49:37 1994`.
// None for anything else, and for a day or a time that does not exist; a leap second does. The case
// of letters does not count, as RFC 9111, 4.2 wants it of a cache. Nor does it count whether the
// day of the week is that of the date.
[[nodiscard]] std::optional<std::time_t> parse_http_date(std::string_view text, std::time_t now);

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_DATE_H_
