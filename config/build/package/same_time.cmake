# CPack runs this before packing. It sets every file's time to SOURCE_DATE_EPOCH; rpm itself would only lower later times to it.
execute_process(COMMAND find ${CPACK_TEMPORARY_DIRECTORY} -exec touch --no-dereference --date=@$ENV{SOURCE_DATE_EPOCH} {} +
  COMMAND_ERROR_IS_FATAL ANY)
