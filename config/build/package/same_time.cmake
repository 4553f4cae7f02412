# CPack runs it before it packs: every file's time is SOURCE_DATE_EPOCH, whenever it was checked out. rpm by itself would only cut later ones.
execute_process(COMMAND find ${CPACK_TEMPORARY_DIRECTORY} -exec touch --no-dereference --date=@$ENV{SOURCE_DATE_EPOCH} {} +
  COMMAND_ERROR_IS_FATAL ANY)
