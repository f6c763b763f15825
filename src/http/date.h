// The value of a Date field. Threads: any.

#ifndef IMAGESERVER_HTTP_DATE_H_
#define IMAGESERVER_HTTP_DATE_H_

#include <ctime>
#include <string_view>

namespace imageserver {

// Now, as `Sun, 06 Nov 1994 08:49:37 GMT`. Formatted at most once a second on each thread.
// The view is valid until the thread's next call.
[[nodiscard]] std::string_view http_date();

// The same of any moment.
[[nodiscard]] std::string_view http_date(std::time_t moment);

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_DATE_H_
