/** Returns whether a table has a column. */
export function hasColumn(sql: SqlStorage, table: string, column: string): boolean {
  const found = sql.exec('SELECT 1 FROM pragma_table_info(?) WHERE name = ?', table, column);
  return found.toArray().length > 0;
}

/** Returns a step that adds a column to a table, unless the table has it. */
export function addColumn(table: string, column: string, type: string): (sql: SqlStorage) => void {
  return (sql) => {
    if (!hasColumn(sql, table, column)) sql.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
  };
}
