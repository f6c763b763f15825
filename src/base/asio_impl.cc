// Asio's own functions, compiled once for the whole program: BOOST_ASIO_SEPARATE_COMPILATION takes
// them out of every file that includes its headers.

#include <boost/asio/impl/src.hpp>
