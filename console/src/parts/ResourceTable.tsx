/** A list that may be long: pages come as they are wanted, and a search looks through them all. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useEffect, useState, type ReactNode } from "react";

import { common } from "../words/common";
import { useWords } from "../words/language";
import { ErrorAlert } from "./ErrorAlert";
import { usePages, type LoadPage } from "./usePages";

const ROWS = 20;
const NARROWEST = 130; // pixels; names that may break anywhere would shrink to a letter

interface Props<T> {
  title: string;
  description?: ReactNode;
  /** What is loaded; a change of it loads anew. */
  source: string;
  /** prefix: of paths, where hasPaths is told. */
  load: (marker: string | undefined, prefix?: string) => ReturnType<LoadPage<T>>;
  /** The server can look for paths: a search that begins with a slash is its. */
  hasPaths?: boolean;
  heading?: "h1" | "h2";
  columns: TableProps.ColumnDefinition<T>[];
  rowId: (item: T) => string;
  /** How a row is called where it is chosen, if not by its id. */
  rowName?: (item: T) => string;
  /** The text in which a search looks. */
  searchText: (item: T) => string;
  selected?: T[];
  onSelect?: (items: T[]) => void;
  actions?: ReactNode;
  selectionType?: "single" | "multi";
  empty?: ReactNode;
}

export function ResourceTable<T>(props: Props<T>) {
  const say = useWords(common);
  const { title, description, columns, rowId, searchText, selected, onSelect, actions } = props;
  const { rowName = rowId, heading = "h1", hasPaths = false, load } = props;
  const [wanted, setWanted] = useState("");
  const [page, setPage] = useState(1);
  const prefix = hasPaths && wanted.startsWith("/") ? wanted.trim() : undefined;
  const pages = usePages(`${props.source} ${prefix ?? ""}`, (marker) => load(marker, prefix));

  const needle = prefix === undefined ? wanted.trim().toLowerCase() : "";
  const shown = needle
    ? pages.items.filter((item) => searchText(item).toLowerCase().includes(needle))
    : pages.items;
  const count = Math.max(1, Math.ceil(shown.length / ROWS));
  const current = Math.min(page, count);
  const isOpenEnded = pages.hasMore && !needle;
  // Of what could not be read nobody knows that it is empty.
  const isUnknown = pages.error !== null && pages.items.length === 0;

  const { hasMore, isLoading, error, loadAll } = pages;
  useEffect(() => {
    // A search looks through everything, as far as that can be had.
    if (needle && hasMore && !isLoading && error === null) loadAll();
  }, [needle, hasMore, isLoading, error, loadAll]);
  return (
    <SpaceBetween size="s">
      <ErrorAlert error={pages.error} onRetry={pages.reload} />
      <Table
        variant="container"
        trackBy={rowId}
        columnDefinitions={columns.map((column) => ({ minWidth: NARROWEST, ...column }))}
        items={shown.slice((current - 1) * ROWS, current * ROWS)}
        loading={pages.isLoading && pages.items.length === 0}
        loadingText={say.loading}
        wrapLines
        {...(onSelect
          ? {
              selectionType: props.selectionType ?? "single",
              selectedItems: selected ?? [],
              onSelectionChange: ({ detail }: { detail: { selectedItems: T[] } }) =>
                onSelect(detail.selectedItems),
            }
          : {})}
        ariaLabels={{
          tableLabel: title,
          selectionGroupLabel: title,
          itemSelectionLabel: (_, item) => rowName(item),
          allItemsSelectionLabel: () => title,
        }}
        empty={
          <Box textAlign="center" color="text-body-secondary" padding="l">
            {isUnknown ? say.notRead : wanted ? say.nothingFound : (props.empty ?? say.nothingYet)}
          </Box>
        }
        header={
          <Header
            variant={heading}
            description={description}
            counter={isUnknown ? "" : `(${pages.items.length}${pages.hasMore ? "+" : ""})`}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button
                  iconName="refresh"
                  ariaLabel={say.refresh}
                  loading={pages.isLoading}
                  onClick={pages.reload}
                />
                {actions}
              </SpaceBetween>
            }
          >
            {title}
          </Header>
        }
        filter={
          <TextFilter
            filteringText={wanted}
            filteringPlaceholder={hasPaths ? say.filterPaths : say.filter}
            filteringAriaLabel={`${say.filter}: ${title}`}
            filteringClearAriaLabel={say.clearFilter}
            countText={
              pages.isLoading ? say.loadedSoFar(pages.items.length) : say.found(shown.length)
            }
            onChange={({ detail }) => {
              setWanted(detail.filteringText);
              setPage(1);
            }}
          />
        }
        pagination={
          <Pagination
            currentPageIndex={current}
            pagesCount={count}
            openEnd={isOpenEnded}
            ariaLabels={{
              nextPageLabel: say.nextPage,
              previousPageLabel: say.previousPage,
              pageLabel: say.page,
            }}
            onChange={({ detail }) => {
              setPage(detail.currentPageIndex);
              if (detail.currentPageIndex >= count && pages.hasMore) pages.loadMore();
            }}
            onNextPageClick={({ detail }) => {
              if (detail.requestedPageIndex > count && pages.hasMore) {
                pages.loadMore(() => setPage(detail.requestedPageIndex));
              }
            }}
          />
        }
      />
    </SpaceBetween>
  );
}
