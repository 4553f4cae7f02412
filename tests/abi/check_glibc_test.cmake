# The warning about the glibc that a module needs (core/sdk/cmake/check_glibc.cmake): what it says for tables as readelf prints them.
#   cmake -DCHECK=…/check_glibc.cmake -DSCRATCH=… -P check_glibc_test.cmake

file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})

# A readelf that prints a table.
function(run_check tables oldest)
  file(WRITE ${SCRATCH}/readelf "#!/bin/sh\ncat <<'END'\n${tables}\nEND\n")
  file(CHMOD ${SCRATCH}/readelf PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
  execute_process(COMMAND ${CMAKE_COMMAND} -DREADELF=${SCRATCH}/readelf -DMODULE=/somewhere/quay.so -DOLDEST=${oldest} -DPROCESSOR=x86_64 -P ${CHECK}
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(SEND_ERROR "the check failed:\n${output}")
  endif()
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  set(said "${output}" PARENT_SCOPE)
endfunction()

function(expect part)
  string(FIND "${said}" "${part}" place)
  if(place EQUAL -1)
    message(SEND_ERROR "expected: ${part}\nfound: ${said}")
  endif()
endfunction()

function(expect_nothing)
  if(NOT said STREQUAL "")
    message(SEND_ERROR "expected no warning, found: ${said}")
  endif()
endfunction()

set(old "   1: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND memcpy@GLIBC_2.14 (2)\n   2: 0 0 FUNC GLOBAL DEFAULT UND strlen@GLIBC_2.2.5 (3)")
set(new "   3: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND arc4random@GLIBC_2.36 (4)\n   4: 0 0 FUNC GLOBAL DEFAULT UND pthread_once@GLIBC_2.34 (5)")

run_check("${old}" 2.28)
expect_nothing()
run_check("${old}\n${new}" 2.28)
expect("quay.so needs glibc 2.36, but should run with 2.28: arc4random (2.36), pthread_once (2.34). Build it with `zig cc -target x86_64-linux-gnu.2.28`")
run_check("${old}\n${new}" 2.34)
expect("quay.so needs glibc 2.36, but should run with 2.34: arc4random (2.36). Build it with")
run_check("${old}\n${new}" 2.36)
expect_nothing()
# 2.9 is older than 2.28.
run_check(" 1: 0 0 FUNC GLOBAL DEFAULT UND pipe2@GLIBC_2.9 (2)" 2.28)
expect_nothing()
run_check("  0x0030:   Name: GLIBC_ABI_DT_RELR  Flags: none  Version: 4" 2.28)
expect("quay.so needs glibc 2.36, but should run with 2.28: DT_RELR (2.36).")
# Versions of other libraries are not glibc's.
run_check(" 1: 0 0 FUNC GLOBAL DEFAULT UND SSL_new@OPENSSL_3.0.0 (2)\n 2: 0 0 FUNC GLOBAL DEFAULT UND x@GLIBCXX_3.4.30 (2)" 2.28)
expect_nothing()

file(WRITE ${SCRATCH}/readelf "#!/bin/sh\nexit 1\n")
execute_process(COMMAND ${CMAKE_COMMAND} -DREADELF=${SCRATCH}/readelf -DMODULE=quay.so -DOLDEST=2.28 -P ${CHECK} RESULT_VARIABLE status ERROR_VARIABLE said)
string(REGEX REPLACE "[ \n]+" " " said "${said}")
expect("cannot read quay.so, so the glibc that it needs is unknown")
