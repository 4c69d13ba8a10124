# misfire_warnings(<target>): warnings are errors in our own code; library headers come in as SYSTEM.
function(misfire_warnings target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow -Werror)
endfunction()
